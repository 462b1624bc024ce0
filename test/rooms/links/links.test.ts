import { ownerSql } from '../../contract/sql.ts';
import { beforeEach, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { createLinkFixture, type LinkFixture } from './link-fixture.ts';

let app: TestApp;
let world: LinkFixture;

beforeEach(async () => {
  app = createTestApp();
  world = await createLinkFixture(app);
});

const list = (token: string, query = '') => app.send('GET', `/api/v1/links${query}`, { token });
const create = (token: string, body: unknown) => app.send('POST', '/api/v1/links', { token, body });
const ids = (answer: { body: { data: { id: string }[] } }) => answer.body.data.map(({ id }) => id);
const pointers = (answer: { body: { errors: { pointer: string }[] } }) =>
  answer.body.errors.map(({ pointer }) => pointer);

describe('creating a link', () => {
  it('gives an unguessable code and the address of its page', async () => {
    const { body } = await create(world.host.token, { roomId: await world.room() });
    expect(body.code).toMatch(/^[0-9a-hjkmnp-tv-z]{12}$/);
    expect(body).toMatchObject({
      url: `http://auralink.test/join/${body.code}`,
      type: 'room',
      status: 'active',
      access: 'public',
      maxUses: null,
      uses: 0,
      clicks: 0,
      uniqueVisitors: 0,
      defaultRole: 'participant',
      enableRecording: false,
      enableScreenShare: true,
      enableChat: true,
      expiresAt: null,
    });
  });

  it('takes the default role of guests from the room', async () => {
    const { id } = await world.link({}, { type: 'broadcast' });
    expect((await world.read(id)).body).toMatchObject({ defaultRole: 'viewer' });
  });

  it('never shows, stores or logs the password', async () => {
    const { id } = await world.link({ password: 'tulip window' });
    const { body } = await world.read(id);
    expect(body).toMatchObject({ access: 'password' });
    const trail = await app.send('GET', '/api/v1/audit/logs', { token: world.host.token });
    expect(JSON.stringify([body, trail.body, app.log])).not.toContain('tulip');
    expect(JSON.stringify(trail.body)).not.toContain(body.code);
    const [row] = await app.services.database.read(
      { role: 'app', organizationId: world.host.organizationId, userId: null },
      (q) => [q.execute(`select password_hash from links where id = '${id}'`)],
    );
    expect(JSON.stringify(row)).toMatch(/pbkdf2-sha256-keyed/);
    expect(JSON.stringify(row)).not.toContain('tulip');
  });

  it('twice with one key is one link', async () => {
    const body = { roomId: await world.room() };
    const send = () =>
      app.send('POST', '/api/v1/links', {
        token: world.host.token,
        body,
        headers: { 'idempotency-key': 'one' },
      });
    const [first, again] = [await send(), await send()];
    expect(first.status).toBe(201);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(again.body).toEqual(first.body);
  });

  it.each([
    [{}, '/roomId'],
    [{ roomId: 'room_01jd3v7q8gf4kr2x6a0w9mznpe', callId: 'call_01jd3v7q8gf4kr2x6a0w9mznpe' }, '/roomId'],
    [{ roomId: 'room_01jd3v7q8gf4kr2x6a0w9mznpe', type: 'call' }, '/type'],
    [{ roomId: 'room_01jd3v7q8gf4kr2x6a0w9mznpe', access: 'password' }, '/password'],
    [{ roomId: 'room_01jd3v7q8gf4kr2x6a0w9mznpe', access: 'public', password: 'abcd' }, '/password'],
    [{ roomId: 'room_01jd3v7q8gf4kr2x6a0w9mznpe', password: 'abc' }, '/password'],
    [
      { roomId: 'room_01jd3v7q8gf4kr2x6a0w9mznpe', expiresAt: '2099-01-01T00:00:00Z', expiresInSeconds: 60 },
      '/expiresInSeconds',
    ],
    [{ roomId: 'room_01jd3v7q8gf4kr2x6a0w9mznpe', maxUses: 0 }, '/maxUses'],
    [{ roomId: 'room_01jd3v7q8gf4kr2x6a0w9mznpe', defaultRole: 'observer' }, '/defaultRole'],
  ])('with contradicting fields is refused: %j', async (body, pointer) => {
    const answer = await create(world.host.token, body);
    expect(answer.status).toBe(400);
    expect(pointers(answer)).toContain(pointer);
  });

  it('with an expiry in the past is refused', async () => {
    const expiresAt = new Date(app.clock.now() - 1).toISOString();
    const answer = await create(world.host.token, { roomId: await world.room(), expiresAt });
    expect(answer.body).toMatchObject({ status: 422, code: 'links.expiry_in_past' });
  });

  it('for a call leads to the room of that call', async () => {
    const roomId = await world.room();
    const { body: place } = await app.send('POST', `/api/v1/rooms/${roomId}/token`, {
      token: world.host.token,
      body: {},
    });
    const link = await world.link({ callId: place.callId });
    expect((await world.read(link.id)).body).toMatchObject({ type: 'call', roomId, callId: place.callId });
    const unknown = { callId: app.services.ids.create('call') };
    expect((await create(world.host.token, unknown)).body).toMatchObject({ code: 'links.call_not_found' });
  });
});

describe('a link', () => {
  it('is created by hosts of the room and administrators, not by other members', async () => {
    const roomId = await world.room();
    const member = await world.colleague();
    expect((await create(member.token, { roomId })).body).toMatchObject({ code: 'rooms.not_manager' });
    const admin = await app.person({ role: 'admin', organizationId: world.host.organizationId });
    expect(await create(admin.token, { roomId })).toMatchObject({ status: 201 });
  });

  it('is seen and changed by hosts, its creator and administrators; for others it does not exist', async () => {
    const maker = await world.colleague();
    const room = await app.send('POST', '/api/v1/rooms', { token: maker.token, body: { name: 'Mine' } });
    const { body: link } = await create(maker.token, { roomId: room.body.id });
    const other = await world.colleague();
    const path = `/api/v1/links/${link.id}`;
    for (const [method, body] of [['GET'], ['PATCH', { title: 'Theirs' }], ['DELETE']] as const) {
      const answer = await app.send(method, path, { token: other.token, ...(body ? { body } : {}) });
      expect(answer.body).toMatchObject({ status: 404, code: 'links.not_found' });
    }
    expect(ids(await list(other.token))).toEqual([]);
    for (const { token } of [maker, world.host]) {
      expect(await app.send('GET', path, { token })).toMatchObject({ status: 200 });
      expect(ids(await list(token))).toEqual([link.id]);
    }
  });

  it('is only restricted by a creator who is no longer a host', async () => {
    const maker = await world.colleague();
    const room = await app.send('POST', '/api/v1/rooms', { token: maker.token, body: { name: 'Mine' } });
    const { body: link } = await create(maker.token, { roomId: room.body.id });
    const now = new Date(app.clock.now()).toISOString();
    await app.services.database.commit(
      { role: 'app', organizationId: world.host.organizationId, userId: null },
      (q) => [
        q.execute(`insert into room_people (organization_id, room_id, identity, user_id, role, changed_by, updated_at)
          values ('${world.host.organizationId}', '${room.body.id}', '${maker.userId}', '${maker.userId}',
            'participant', '${world.host.userId}', '${now}')`),
      ],
    );
    expect(await world.change(link.id, { title: 'Quiet', isActive: false }, maker.token)).toMatchObject({
      status: 200,
      body: { title: 'Quiet', status: 'inactive' },
    });
    for (const body of [
      { isActive: true },
      { defaultRole: 'host' },
      { maxUses: null },
      { access: 'public' },
      { requireApproval: false },
    ])
      expect((await world.change(link.id, body, maker.token)).body).toMatchObject({
        status: 403,
        code: 'links.not_yours',
      });
    const gone = await app.send('DELETE', `/api/v1/links/${link.id}`, { token: maker.token });
    expect(gone.status).toBe(204);
  });
});

describe('the list', () => {
  it('is filtered by room and by whether newcomers can join', async () => {
    const roomId = await world.room();
    const later = (settings: Record<string, unknown> = {}) => {
      app.clock.advanceSeconds(1);
      return world.link(settings);
    };
    const good = await later({ roomId });
    const off = await later({ roomId, isActive: false });
    const short = await later({ roomId, expiresInSeconds: 60 });
    const once = await later({ roomId, maxUses: 1 });
    const elsewhere = await later();
    await world.join(once.code);
    app.clock.advanceSeconds(61);
    const { token } = await app.person({ role: 'owner', organizationId: world.host.organizationId });
    expect(ids(await list(token, `?roomId=${roomId}`))).toEqual([good.id, off.id, short.id, once.id]);
    expect(ids(await list(token, '?active=true'))).toEqual([good.id, elsewhere.id]);
    expect(ids(await list(token, '?active=false'))).toEqual([off.id, short.id, once.id]);
    const first = await list(token, '?limit=2');
    const second = await list(token, `?limit=10&cursor=${first.body.nextCursor}`);
    expect([...ids(first), ...ids(second)]).toEqual([good.id, off.id, short.id, once.id, elsewhere.id]);
    expect(second.body.nextCursor).toBeNull();
    expect(first.body.data.map(({ status }: { status: string }) => status)).toEqual(['active', 'inactive']);
  });

  it('leaves out links of deleted rooms', async () => {
    const link = await world.link();
    await app.send('DELETE', `/api/v1/rooms/${link.roomId}`, { token: world.host.token });
    expect(ids(await list(world.host.token))).toEqual([]);
    expect((await world.validate(link.code)).body).toMatchObject({ code: 'links.not_found' });
  });
});

describe('updating a link', () => {
  it('changes the given fields, with a new ETag, and refuses a stale one', async () => {
    const { id } = await world.link({ title: 'Old', maxUses: 5 });
    const before = await world.read(id);
    const headers = { 'if-match': before.headers.get('etag')! };
    const path = `/api/v1/links/${id}`;
    const send = () => app.send('PATCH', path, { token: world.host.token, body: { title: 'New' }, headers });
    expect(await send()).toMatchObject({ status: 200, body: { title: 'New', maxUses: 5 } });
    expect((await send()).body).toMatchObject({ status: 412 });
  });

  it('sets, changes and removes its password', async () => {
    const { id, code } = await world.link();
    expect((await world.change(id, { password: 'first' })).body).toMatchObject({ access: 'password' });
    expect((await world.validate(code)).body).toMatchObject({ code: 'links.password_required' });
    await world.change(id, { password: 'second' });
    expect((await world.validate(code, { password: 'first' })).body).toMatchObject({
      code: 'links.wrong_password',
    });
    expect(await world.validate(code, { password: 'second' })).toMatchObject({ status: 200 });
    expect((await world.change(id, { password: null })).body).toMatchObject({ access: 'public' });
    expect(await world.validate(code)).toMatchObject({ status: 200, body: { requiresPassword: false } });
    expect(pointers(await world.change(id, { access: 'password' }))).toEqual(['/password']);
    expect(pointers(await world.change(id, { access: 'restricted', password: 'third' }))).toEqual([
      '/password',
    ]);
  });

  it('deletes the password when access no longer requires it', async () => {
    const { id } = await world.link({ password: 'tulip' });
    await world.change(id, { access: 'public' });
    expect(pointers(await world.change(id, { access: 'password' }))).toEqual(['/password']);
  });

  it('postpones or removes its expiry', async () => {
    const { id, code } = await world.link({ expiresInSeconds: 60 });
    app.clock.advanceSeconds(60);
    expect((await world.join(code)).body).toMatchObject({ code: 'links.expired' });
    await world.change(id, { expiresInSeconds: 60 });
    expect(await world.join(code)).toMatchObject({ status: 200 });
    expect((await world.change(id, { expiresAt: null })).body).toMatchObject({ expiresAt: null });
  });

  it('is in the audit log and writes events', async () => {
    const { id } = await world.link({ title: 'Old' });
    await world.change(id, { title: 'New' });
    await app.send('DELETE', `/api/v1/links/${id}`, { token: world.host.token });
    const { body } = await app.send('GET', '/api/v1/audit/logs?limit=100', { token: world.host.token });
    const actions = body.data
      .filter(({ targetId }: { targetId: string }) => targetId === id)
      .map(({ action }: { action: string }) => action);
    expect(actions.toSorted()).toEqual(['link.created', 'link.deleted', 'link.updated']);
    const events = await ownerSql<{ type: string }>('select type from outbox where key = $1 order by seq', [
      id,
    ]);
    expect(events.map(({ type }) => type)).toEqual(['link.created', 'link.updated', 'link.deleted']);
  });
});
