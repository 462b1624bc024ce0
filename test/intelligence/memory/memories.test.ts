import { beforeEach, describe, expect, it } from 'vitest';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { listTexts, MEMORIES, storeTexts, switchMemory } from '../../support/memories.ts';
import { ownerSql } from '../../contract/sql.ts';

let app: TestApp;
let owner: Person;
let member: Person;

beforeEach(async () => {
  app = createTestApp();
  owner = await app.person();
  member = await app.person({ role: 'member', organizationId: owner.organizationId });
});

const store = ({ token }: Person, body: Record<string, unknown>) =>
  app.send('POST', MEMORIES, { token, body });
const one = (content: string) => ({ memories: [{ content }] });
const createRoom = async ({ token }: Person): Promise<string> =>
  (await app.send('POST', '/api/v1/rooms', { token, body: { name: 'Room' } })).body.id;

describe('storing', () => {
  it('answers a memory for each text, which is there once with all of its sources', async () => {
    const { body } = await store(owner, {
      scope: 'organization',
      memories: [{ content: 'Tea at five.' }, { content: 'Coffee at ten.' }, { content: ' Tea at five. ' }],
    });
    const [tea, coffee, again] = body.data;
    expect(again).toEqual(tea);
    expect(coffee.content).toBe('Coffee at ten.');
    const key = await app.send('POST', '/api/v1/api-keys', {
      token: owner.token,
      body: { name: 'Key', scopes: ['memories:write', 'memories:manage'] },
    });
    const second = await store(
      { ...owner, token: key.body.secret },
      { scope: 'organization', ...one('Tea at five.') },
    );
    expect(second).toMatchObject({
      status: 201,
      body: {
        data: [
          {
            id: tea.id,
            author: owner.userId,
            sources: [
              { kind: 'manual', id: owner.userId },
              { kind: 'manual', id: key.body.id },
            ],
          },
        ],
      },
    });
    expect((await listTexts(app, owner)).toSorted()).toEqual(['Coffee at ten.', 'Tea at five.']);
  });

  it('keeps a text for the longest time that was asked for', async () => {
    const until = (seconds: number) => new Date(app.clock.now() + seconds * 1000).toISOString();
    const body = (expiresAt: string | null) => ({
      scope: 'organization',
      memories: [{ content: 'Tea', expiresAt }],
    });
    await store(owner, body(until(60)));
    expect(await store(owner, body(until(30)))).toMatchObject({ body: { data: [{ expiresAt: until(60) }] } });
    expect(await store(owner, body(null))).toMatchObject({ body: { data: [{ expiresAt: null }] } });
    expect(await store(owner, body(until(0)))).toMatchObject({
      status: 422,
      body: { code: 'memories.expiry_in_past' },
    });
  });

  it('stores a text once of requests at the same moment', async () => {
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => store(owner, { scope: 'organization', ...one('Tea at five.') })),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 6 }, () => 201));
    expect(new Set(answers.map(({ body }) => body.data[0].id)).size).toBe(1);
  });

  it('counts the memories of people in the limit of the plan, which hides them from the caller', async () => {
    await switchMemory(app, member, true);
    await storeTexts(app, member, ['mine'], { scope: 'person' });
    await ownerSql(`update organizations set limits = '{"memories": 1}' where id = $1`, [
      owner.organizationId,
    ]);
    expect(await store(owner, { scope: 'organization', ...one('ours') })).toMatchObject({
      status: 402,
      body: { code: 'billing.limit_reached' },
    });
  });

  it('for the organization needs memories:manage, and for a person the person', async () => {
    expect(await store(member, { scope: 'organization', ...one('ours') })).toMatchObject({ status: 403 });
    const key = await app.send('POST', '/api/v1/api-keys', {
      token: owner.token,
      body: { name: 'Key', scopes: ['admin'] },
    });
    const byKey = { ...owner, token: key.body.secret };
    expect(await store(byKey, { scope: 'person', ...one('mine') })).toMatchObject({ status: 403 });
  });
});

describe("a person's own memory", () => {
  it('is off until they turn it on, and no other user sees it', async () => {
    const settings = '/api/v1/ai/memory/settings';
    expect(await app.send('GET', settings, { token: member.token })).toMatchObject({
      body: { enabled: false, updatedAt: null },
    });
    const refused = await store(member, { scope: 'person', ...one('mine') });
    expect(refused).toMatchObject({ status: 409, body: { code: 'memories.switched_off' } });
    await switchMemory(app, member, true);
    const [stored] = await storeTexts(app, member, ['mine'], { scope: 'person' });
    expect(await listTexts(app, member)).toEqual(['mine']);
    expect(await listTexts(app, owner)).toEqual([]);
    for (const [method, path] of [
      ['GET', ''],
      ['GET', '/versions'],
      ['DELETE', ''],
    ] as const)
      expect(
        await app.send(method, `${MEMORIES}/${stored!.id}${path}`, { token: owner.token }),
      ).toMatchObject({
        status: 404,
        body: { code: 'memories.not_found' },
      });
  });

  it('stays theirs when they turn it off, or goes at once with all that was derived from it', async () => {
    await switchMemory(app, member, true);
    const [parent] = await storeTexts(app, member, ['mine'], { scope: 'person' });
    const source = { kind: 'memory', ids: [parent!.id] };
    await storeTexts(app, member, ['derived'], { scope: 'person', source });
    await switchMemory(app, member, false);
    expect(await store(member, { scope: 'person', ...one('more') })).toMatchObject({ status: 409 });
    expect(new Set(await listTexts(app, member))).toEqual(new Set(['mine', 'derived']));
    await switchMemory(app, member, false, true);
    expect(await listTexts(app, member)).toEqual([]);
    expect(
      await ownerSql('select 1 from memory_chunks where organization_id = $1', [owner.organizationId]),
    ).toEqual([]);
  });

  it('takes no other text while it is off, and may be forgotten earlier', async () => {
    await switchMemory(app, owner, true);
    const [stored] = await storeTexts(app, owner, ['Monday'], { scope: 'person' });
    await switchMemory(app, owner, false);
    const change = (body: object) =>
      app.send('PATCH', `${MEMORIES}/${stored!.id}`, { token: owner.token, body });
    expect(await change({ content: 'Tuesday' })).toMatchObject({
      status: 409,
      body: { code: 'memories.switched_off' },
    });
    const expiresAt = new Date(app.clock.now() + 60_000).toISOString();
    expect(await change({ expiresAt })).toMatchObject({ status: 200, body: { content: 'Monday' } });
  });

  it('goes when they leave the organization', async () => {
    await switchMemory(app, member, true);
    await storeTexts(app, member, ['mine'], { scope: 'person' });
    const { body } = await app.send('GET', `/api/v1/organizations/${owner.organizationId}/members`, {
      token: owner.token,
    });
    const { id } = body.data.find(({ userId }: { userId: string }) => userId === member.userId);
    const path = `/api/v1/organizations/${owner.organizationId}/members/${id}`;
    expect(await app.send('DELETE', path, { token: owner.token })).toMatchObject({ status: 204 });
    const left = await ownerSql(
      `select 1 from memories where organization_id = $1 union all select 1 from memory_settings where organization_id = $1`,
      [owner.organizationId],
    );
    expect(left).toEqual([]);
  });
});

describe('a memory of a room', () => {
  it('shows to those to whom the room is open, and to no person who was removed from it', async () => {
    const roomId = await createRoom(owner);
    await storeTexts(app, owner, ['of the room'], { scope: 'room', roomId });
    expect(await listTexts(app, member)).toEqual(['of the room']);
    await ownerSql(
      `insert into room_people (organization_id, room_id, identity, user_id, removed_at, changed_by, updated_at)
        values ($1, $2, $3, $3, now(), $3, now())`,
      [owner.organizationId, roomId, member.userId],
    );
    expect(await listTexts(app, member)).toEqual([]);
    const stored = await store(member, { scope: 'room', roomId, ...one('more') });
    expect(stored).toMatchObject({ status: 403, body: { code: 'rooms.removed' } });
  });

  it('goes with the room', async () => {
    const roomId = await createRoom(owner);
    await storeTexts(app, owner, ['of the room'], { scope: 'room', roomId });
    expect(await app.send('DELETE', `/api/v1/rooms/${roomId}`, { token: owner.token })).toMatchObject({
      status: 204,
    });
    expect(await listTexts(app, owner)).toEqual([]);
    await app.drain();
    expect(
      await ownerSql('select 1 from memories where organization_id = $1', [owner.organizationId]),
    ).toEqual([]);
  });

  it('is changed by its author and those who manage memories', async () => {
    const roomId = await createRoom(owner);
    const [mine] = await storeTexts(app, member, ['of the room'], { scope: 'room', roomId });
    const other = await app.person({ role: 'member', organizationId: owner.organizationId });
    const correct = ({ token }: Person, content: string) =>
      app.send('PATCH', `${MEMORIES}/${mine!.id}`, { token, body: { content } });
    expect(await correct(other, 'wrong')).toMatchObject({ status: 403 });
    expect(await correct(member, 'better')).toMatchObject({ status: 200, body: { content: 'better' } });
    expect(await correct(owner, 'best')).toMatchObject({ status: 200, body: { content: 'best' } });
  });
});

describe('correcting and deleting', () => {
  it('keeps what it said before, with the user who corrected it, until it is deleted', async () => {
    const [stored] = await storeTexts(app, owner, ['Monday', 'Tuesday']);
    const path = `${MEMORIES}/${stored!.id}`;
    const { token } = owner;
    const etag = (await app.send('GET', path, { token })).headers.get('etag')!;
    const correct = (content: string) =>
      app.send('PATCH', path, { token, body: { content }, headers: { 'if-match': etag } });
    expect(await correct('Tuesday')).toMatchObject({ status: 409, body: { code: 'memories.exists' } });
    expect(await correct('Wednesday')).toMatchObject({ status: 200 });
    expect(await correct('Friday')).toMatchObject({ status: 412 });
    expect(await app.send('GET', `${path}/versions`, { token })).toMatchObject({
      body: { data: [{ version: 1, content: 'Monday', correctedBy: owner.userId }] },
    });
    expect(await app.send('DELETE', path, { token })).toMatchObject({ status: 204 });
    for (const table of ['memory_versions', 'memory_chunks', 'memory_sources'])
      expect(await ownerSql(`select 1 from ${table} where memory_id = $1`, [stored!.id])).toEqual([]);
  });

  it('keeps the fifty newest of what it said before', async () => {
    const [stored] = await storeTexts(app, owner, ['Monday']);
    await ownerSql(
      `insert into memory_versions (organization_id, memory_id, space, version, content, corrected_by, corrected_at)
       select organization_id, id, space, -number, 'Sunday', author, now() from memories, generate_series(1, 50) number where id = $1`,
      [stored!.id],
    );
    const { token } = owner;
    await app.send('PATCH', `${MEMORIES}/${stored!.id}`, { token, body: { content: 'Tuesday' } });
    const { body } = await app.send('GET', `${MEMORIES}/${stored!.id}/versions`, { token });
    expect([body.data.length, body.data[0].content, body.data.at(-1).version]).toEqual([50, 'Monday', -49]);
  });

  it('leaves what it says out of the audit log', async () => {
    await storeTexts(app, owner, ['the launch code is tulip']);
    const [entry] = await ownerSql(
      `select a::text as text from audit_logs a where organization_id = $1 and action = 'memory.stored'`,
      [owner.organizationId],
    );
    expect(entry!.text).not.toContain('tulip');
  });
});
