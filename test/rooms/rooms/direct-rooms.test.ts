import { beforeEach, describe, expect, it } from 'vitest';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { deliverAll, joinRoom } from '../../calls/calls/support.ts';

let app: TestApp;
let ann: Person;
let ben: Person;
let eve: Person;
let admin: Person;

const member = () => app.person({ role: 'member', organizationId: admin.organizationId });
const get = (path: string, { token }: { token: string }) => app.send('GET', `/api/v1${path}`, { token });
const ring = async (from: Person, to: Person): Promise<string> => {
  const rung = await app.send('POST', '/api/v1/rings', { token: from.token, body: { to: to.userId } });
  expect(rung).toMatchObject({ status: 201 });
  return rung.body.roomId;
};
const idsIn = async (path: string, person: { token: string }): Promise<string[]> =>
  (await get(path, person)).body.data.map(({ id }: { id: string }) => id);
const createKey = async (...scopes: string[]): Promise<{ token: string }> => {
  const made = await app.send('POST', '/api/v1/api-keys', {
    token: admin.token,
    body: { name: 'Key', scopes },
  });
  return { token: made.body.secret };
};
const block = async (blocker: Person, blocked: Person): Promise<string> => {
  const made = await app.send('POST', '/api/v1/contacts', {
    token: blocker.token,
    body: { userId: blocked.userId, blocked: true },
  });
  expect(made).toMatchObject({ status: 201, body: { blocked: true } });
  return made.body.id;
};

beforeEach(async () => {
  app = createTestApp();
  admin = await app.person();
  [ann, ben, eve] = [await member(), await member(), await member()];
});

describe('a direct room and its calls', () => {
  let roomId: string;
  let callId: string;

  beforeEach(async () => {
    roomId = await ring(ann, ben);
    ({ callId } = await joinRoom(app, ann, roomId));
    app.liveKit.cluster.join(callId, ann.userId, { name: 'Ann' });
    await deliverAll(app);
  });

  const pages = () => [
    `/rooms/${roomId}`,
    `/rooms/${roomId}/participants`,
    `/rooms/${roomId}/polls`,
    `/rooms/${roomId}/breakouts`,
    `/calls/${callId}`,
    `/calls/${callId}/participants`,
    `/calls/${callId}/timeline`,
  ];
  const statusCodes = async (person: { token: string }) => {
    const all = [];
    for (const path of pages()) all.push((await get(path, person)).status);
    return [...new Set(all)];
  };

  const requestToken = ({ token }: Person) =>
    app.send('POST', `/api/v1/rooms/${roomId}/token`, { token, body: {} });

  it('are visible to its two users, administrators and API keys', async () => {
    for (const viewer of [ann, ben, admin, await createKey('rooms:read', 'calls:read')]) {
      expect(await statusCodes(viewer)).toEqual([200]);
      expect(await idsIn('/rooms', viewer)).toContain(roomId);
      expect(await idsIn('/calls', viewer)).toContain(callId);
    }
  });

  it('are hidden from everybody else: not found, not listed, not changeable', async () => {
    expect(await statusCodes(eve)).toEqual([404]);
    expect(await requestToken(eve)).toMatchObject({ status: 404, body: { code: 'rooms.not_found' } });
    for (const path of ['/rooms', '/rooms?live=true', '/rooms?type=one_to_one'])
      expect(await idsIn(path, eve)).toEqual([]);
    for (const path of ['/calls', `/calls?roomId=${roomId}`, '/calls?type=one_to_one'])
      expect(await idsIn(path, eve)).toEqual([]);
    const change = { token: eve.token, body: { name: 'Mine' } };
    expect((await app.send('PATCH', `/api/v1/rooms/${roomId}`, change)).status).toBe(404);
    expect((await app.send('DELETE', `/api/v1/rooms/${roomId}`, { token: eve.token })).status).toBe(404);
    const ringInput = { token: eve.token, body: { to: admin.userId, roomId } };
    expect((await app.send('POST', '/api/v1/rings', ringInput)).body.code).toBe('rooms.not_found');
  });

  it('show their chat only to the same people, also without a lobby', async () => {
    await app.send('PATCH', `/api/v1/rooms/${roomId}`, { token: ann.token, body: { lobby: false } });
    for (const person of [ann, ben])
      expect(await get(`/rooms/${roomId}/messages`, person)).toMatchObject({ status: 200 });
    expect(await get(`/rooms/${roomId}/messages`, eve)).toMatchObject({
      status: 404,
      body: { code: 'rooms.not_found' },
    });
  });

  it('cannot be moderated by an unrelated member, who gets not found', async () => {
    const post = (path: string, body: unknown) =>
      app.send('POST', `/api/v1/rooms/${roomId}${path}`, { token: eve.token, body });
    const attempts = [
      post('/end', {}),
      post('/lock', undefined),
      post('/polls', { question: 'When?', options: ['a', 'b'] }),
      post('/breakouts', { rooms: 2 }),
      post('/participants/mute-all', {}),
      post('/lobby/admit-all', undefined),
      get(`/rooms/${roomId}/lobby`, eve),
    ];
    for (const attempt of attempts)
      expect(await attempt).toMatchObject({ status: 404, body: { code: 'rooms.not_found' } });
  });

  it('show to a person whom one of the two rang into them, once they have joined', async () => {
    const ringInput = { to: eve.userId, roomId };
    expect((await app.send('POST', '/api/v1/rings', { token: ann.token, body: ringInput })).status).toBe(201);
    expect((await requestToken(eve)).status).toBe(202);
    await app.send('PATCH', `/api/v1/rooms/${roomId}`, { token: ann.token, body: { lobby: false } });
    await joinRoom(app, eve, roomId);
    expect(await statusCodes(eve)).toEqual([200]);
    expect(await idsIn('/rooms', eve)).toEqual([roomId]);
  });

  it('leave the pages of others full, at one round trip each', async () => {
    const own: string[] = [];
    for (let at = 0; at < 5; at++) {
      const made = await app.send('POST', '/api/v1/rooms', { token: admin.token, body: { name: `${at}` } });
      own.push(made.body.id);
      await ring(ann, await member());
    }
    const found: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const before = app.roundTrips();
      const page = await get(`/rooms?limit=2${cursor && `&cursor=${cursor}`}`, eve);
      expect(app.roundTrips() - before).toBe(1);
      expect(page.body.data.length).toBe(Math.min(2, own.length - found.length));
      found.push(...page.body.data.map(({ id }: { id: string }) => id));
      cursor = page.body.nextCursor;
    }
    expect(found).toEqual(own.toSorted());
    for (const path of pages()) {
      const before = app.roundTrips();
      await get(path, eve);
      expect(app.roundTrips() - before).toBe(1);
    }
  });
});

describe('a direct room, for a member who waits there through a link', () => {
  it('does not exist until they are admitted', async () => {
    const roomId = await ring(ann, ben);
    const link = await app.send('POST', '/api/v1/links', {
      token: admin.token,
      body: { roomId, requireApproval: true },
    });
    const post = (path: string, { token }: Person, body?: unknown) =>
      app.send('POST', `/api/v1${path}`, { token, ...(body === undefined ? {} : { body }) });
    const waiting = await post(`/links/${link.body.code}/join-as-member`, eve, {});
    expect(waiting).toMatchObject({ status: 202 });
    expect((await get(`/rooms/${roomId}`, eve)).status).toBe(404);
    expect((await post(`/rooms/${roomId}/token`, eve, {})).status).toBe(404);
    await post(`/rooms/${roomId}/lobby/${waiting.body.lobbyEntryId}/admit`, admin);
    expect(await post(`/rooms/${roomId}/token`, eve, {})).toMatchObject({
      status: 200,
      body: { role: 'participant' },
    });
    expect((await get(`/rooms/${roomId}`, eve)).status).toBe(200);
  });
});

describe('a callee who blocks the caller', () => {
  it('finds no room and no call of the ring, also after unblocking the caller', async () => {
    const contact = await block(ben, ann);
    const roomId = await ring(ann, ben);
    const { callId } = await joinRoom(app, ann, roomId);
    const expectNothing = async () => {
      expect(await idsIn('/rooms', ben)).toEqual([]);
      expect(await idsIn('/calls', ben)).toEqual([]);
      for (const path of [`/rooms/${roomId}`, `/rooms/${roomId}/participants`, `/calls/${callId}`])
        expect((await get(path, ben)).status).toBe(404);
    };
    await expectNothing();
    const body = { blocked: false };
    const unblocked = await app.send('PATCH', `/api/v1/contacts/${contact}`, { token: ben.token, body });
    expect(unblocked).toMatchObject({ status: 200, body: { blocked: false } });
    await expectNothing();
    expect((await get(`/rooms/${roomId}`, ann)).status).toBe(200);
    app.clock.advanceSeconds(31);
    expect(await ring(ann, ben)).toBe(roomId);
    expect(await idsIn('/rooms', ben)).toEqual([roomId]);
  });

  it('finds no later calls in the room they had before, and keeps their own calls', async () => {
    const roomId = await ring(ann, ben);
    const { callId } = await joinRoom(app, ben, roomId);
    app.liveKit.cluster.join(callId, ben.userId, { name: 'Ben' });
    app.liveKit.cluster.leave(callId, ben.userId);
    app.liveKit.cluster.end(callId);
    await deliverAll(app);
    app.clock.advanceSeconds(31);
    await block(ben, ann);
    expect(await ring(ann, ben)).toBe(roomId);
    const later = await joinRoom(app, ann, roomId);
    expect(later.callId).not.toBe(callId);
    expect(await idsIn('/rooms', ben)).toEqual([]);
    expect(await idsIn('/calls', ben)).toEqual([callId]);
    expect((await get(`/calls/${later.callId}`, ben)).status).toBe(404);
    expect(await idsIn('/calls', ann)).toEqual([later.callId, callId]);
  });
});
