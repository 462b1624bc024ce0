import { TokenVerifier } from 'livekit-server-sdk';
import { beforeEach, describe, expect, it } from 'vitest';
import { createClusters } from '../../../src/calls/clusters/index.ts';
import { verifyRoomTicket } from '../../../src/realtime/protocol/index.ts';
import { ownerSql } from '../../contract/sql.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';

let app: TestApp;
let host: Person;

beforeEach(async () => {
  app = createTestApp();
  host = await app.person();
});

async function createRoom(settings: Record<string, unknown> = {}): Promise<string> {
  const answer = await app.send('POST', '/api/v1/rooms', {
    token: host.token,
    body: { name: 'Room', ...settings },
  });
  expect(answer).toMatchObject({ status: 201 });
  return answer.body.id as string;
}

const colleague = () => app.person({ role: 'member', organizationId: host.organizationId });
const join = (roomId: string, token: string, body: unknown = {}) =>
  app.send('POST', `/api/v1/rooms/${roomId}/token`, { token, body });

const claimsOf = (token: string) =>
  new TokenVerifier(app.liveKit.apiKey, app.liveKit.apiSecret).verify(token);

describe('joining a room', () => {
  it('gives a media token and a ticket for this room, call and identity only', async () => {
    const roomId = await createRoom();
    const { status, body } = await join(roomId, host.token, { name: 'Ada' });
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: 'admitted', identity: host.userId, role: 'host' });
    const claims = await claimsOf(body.token);
    expect(claims).toMatchObject({
      sub: host.userId,
      name: 'Ada',
      video: { room: body.callId, roomJoin: true, canPublish: true, canUpdateOwnMetadata: false },
      attributes: { role: 'host', kind: 'user', participantId: body.participantId },
      roomConfig: { name: body.callId, emptyTimeout: 300, departureTimeout: 20 },
    });
    expect(JSON.parse(claims.roomConfig!.metadata)).toEqual({
      organizationId: host.organizationId,
      roomId,
      callId: body.callId,
    });
    expect(claims.exp! - claims.nbf!).toBe(60);
    expect(await verifyRoomTicket(app.services.signer, body.realtime.ticket)).toMatchObject({
      roomId,
      callId: body.callId,
      participantId: body.participantId,
      identity: host.userId,
      role: 'host',
    });
    expect(body.realtime.url).toBe(`ws://auralink.test/api/v1/rooms/${roomId}/socket`);
  });

  it('again gives the same seat in the same call', async () => {
    const roomId = await createRoom();
    const [first, second] = [await join(roomId, host.token), await join(roomId, host.token)];
    expect(second.body).toMatchObject({
      callId: first.body.callId,
      participantId: first.body.participantId,
    });
  });

  it('twice at once gives one seat', async () => {
    const roomId = await createRoom();
    const answers = await Promise.all(Array.from({ length: 5 }, () => join(roomId, host.token)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(new Set(answers.map(({ body }) => body.participantId)).size).toBe(1);
  });

  it('begins one call when many first participants join at once', async () => {
    const roomId = await createRoom();
    const people = await Promise.all(Array.from({ length: 10 }, colleague));
    const answers = await Promise.all(people.map(({ token }) => join(roomId, token)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ body }) => body.callId)).size).toBe(1);
  });

  it('never takes more seats than the capacity, however many join at once', async () => {
    const roomId = await createRoom({ capacity: 4 });
    await join(roomId, host.token);
    const people = await Promise.all(Array.from({ length: 12 }, colleague));
    const answers = await Promise.all(people.map(({ token }) => join(roomId, token)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
    const refused = answers.filter(({ status }) => status !== 200);
    expect(new Set(refused.map(({ body }) => body.code))).toEqual(new Set(['rooms.full']));
  });

  it('frees a seat whose token was not used, once no cluster takes it any more', async () => {
    const roomId = await createRoom({ capacity: 1 });
    await join(roomId, host.token);
    const { token } = await colleague();
    expect((await join(roomId, token)).body).toMatchObject({ code: 'rooms.full' });
    app.clock.advanceSeconds(129);
    expect((await join(roomId, token)).body).toMatchObject({ code: 'rooms.full' });
    app.clock.advanceSeconds(2);
    expect(await join(roomId, token)).toMatchObject({ status: 200 });
  });
});

describe('a role', () => {
  it.each([
    ['participant', { canPublish: true, canPublishData: true, hidden: false }],
    ['viewer', { canPublish: false, canPublishData: false, hidden: false }],
    ['moderator', { canPublish: true, canPublishData: true, hidden: false }],
  ])('%s comes with its grants', async (role, grants) => {
    const roomId = await createRoom();
    const { body } = await join(roomId, host.token, { role });
    expect(body).toMatchObject({ role });
    expect((await claimsOf(body.token)).video).toMatchObject({ canSubscribe: true, ...grants });
  });

  it('above their own is refused', async () => {
    const roomId = await createRoom();
    const { token } = await colleague();
    for (const role of ['host', 'moderator', 'agent', 'observer'])
      expect((await join(roomId, token, { role })).body).toMatchObject({ code: 'rooms.role_not_allowed' });
    expect(await join(roomId, token, { role: 'viewer' })).toMatchObject({ status: 200 });
  });

  it('can publish what the features of the room allow', async () => {
    const [voice, quiet] = [
      await createRoom({ type: 'audio_room' }),
      await createRoom({ features: { screenShare: false } }),
    ];
    const sources = async (roomId: string) =>
      (await claimsOf((await join(roomId, host.token)).body.token)).video!.canPublishSources;
    expect(await sources(voice)).toEqual(['microphone']);
    expect(await sources(quiet)).toEqual(['camera', 'microphone']);
  });

  it('is the default of the room for its members', async () => {
    const roomId = await createRoom({ type: 'broadcast' });
    expect((await join(roomId, (await colleague()).token)).body).toMatchObject({ role: 'viewer' });
  });
});

describe('a service', () => {
  const createKey = async () => {
    const body = { name: `Key ${crypto.randomUUID()}`, scopes: ['rooms:write', 'rooms:read'] };
    const answer = await app.send('POST', '/api/v1/api-keys', { token: host.token, body });
    return answer.body.secret as string;
  };

  it('joins for identities of its own, distinct from all others', async () => {
    const [roomId, secret] = [await createRoom(), await createKey()];
    const { body } = await join(roomId, secret, { identity: 'customer-17', name: 'Ada' });
    expect(body).toMatchObject({ identity: 'ext_customer-17', role: 'participant' });
    expect((await join(roomId, secret)).body.errors).toEqual([
      { pointer: '/identity', message: expect.any(String) },
    ]);
  });

  it('brings agents and observers, which are not counted as seats', async () => {
    const [roomId, secret] = [await createRoom({ capacity: 1 }), await createKey()];
    await join(roomId, host.token);
    const agent = await join(roomId, secret, { identity: 'scribe', role: 'agent' });
    expect(agent.body).toMatchObject({ identity: 'agt_scribe', role: 'agent' });
    expect((await claimsOf(agent.body.token)).video).toMatchObject({ agent: true, hidden: false });
    const observer = await join(roomId, secret, { identity: 'auditor', role: 'observer' });
    expect((await claimsOf(observer.body.token)).video).toMatchObject({ hidden: true, canPublish: false });
  });

  it('is the only kind of caller that can name an identity', async () => {
    const answer = await join(await createRoom(), host.token, { identity: 'somebody' });
    expect(answer).toMatchObject({ status: 400 });
  });
});

describe('joining is refused', () => {
  it("to another organization's room, which is not found", async () => {
    const roomId = await createRoom();
    const outsider = await app.person();
    expect((await join(roomId, outsider.token)).body).toMatchObject({ status: 404, code: 'rooms.not_found' });
  });

  it('to a locked room for newcomers, but not for hosts and people with a seat', async () => {
    const roomId = await createRoom();
    const [inside, late] = [await colleague(), await colleague()];
    await join(roomId, inside.token);
    await app.send('PATCH', `/api/v1/rooms/${roomId}`, { token: host.token, body: { locked: true } });
    expect((await join(roomId, late.token)).body).toMatchObject({ code: 'rooms.locked' });
    expect(await join(roomId, inside.token)).toMatchObject({ status: 200 });
    expect(await join(roomId, host.token)).toMatchObject({ status: 200 });
  });
});

describe('a call', () => {
  const clusters = (['near', 'far'] as const).map((name) => ({
    name,
    url: `wss://${name}.auralink.test`,
    apiUrl: `https://${name}.auralink.test`,
    apiKey: name,
    apiSecret: `${name}-`.repeat(8),
    continents: name === 'near' ? ['EU'] : ['AS', 'OC'],
  }));
  const joinFrom = async (continent: string | undefined, roomId: string, token: string) => {
    const options = { token, body: {}, ...(continent ? { continent } : {}) };
    return (await app.send('POST', `/api/v1/rooms/${roomId}/token`, options)).body.url as string;
  };

  beforeEach(async () => {
    app = createTestApp({ clusters: createClusters(clusters, { now: Date.now }) });
    host = await app.person();
  });

  it('is held on the cluster near its first participant, for everybody', async () => {
    const [asian, european] = [await createRoom(), await createRoom()];
    const { token } = await colleague();
    expect(await joinFrom('AS', asian, host.token)).toBe('wss://far.auralink.test');
    expect(await joinFrom('EU', asian, token)).toBe('wss://far.auralink.test');
    expect(await joinFrom('EU', european, token)).toBe('wss://near.auralink.test');
  });

  it('is held where its room has its calls, as long as that cluster is configured', async () => {
    const [ours, gone] = [await createRoom(), await createRoom()];
    const place = 'update rooms set cluster = $2 where id = $1';
    await ownerSql(place, [ours, 'near']);
    await ownerSql(place, [gone, 'a cluster of the past']);
    expect(await joinFrom('AS', ours, host.token)).toBe('wss://near.auralink.test');
    expect(await joinFrom('AS', gone, host.token)).toBe('wss://far.auralink.test');
  });

  it('of a caller at an unknown location is held on the first cluster', async () => {
    expect(await joinFrom(undefined, await createRoom(), host.token)).toBe('wss://near.auralink.test');
    expect(await joinFrom('SA', await createRoom(), host.token)).toBe('wss://near.auralink.test');
  });

  describe('on a cluster that is no longer configured', () => {
    let roomId: string;
    let left: string;

    beforeEach(async () => {
      roomId = await createRoom();
      left = (
        await app.send('POST', `/api/v1/rooms/${roomId}/token`, {
          token: host.token,
          body: {},
          continent: 'AS',
        })
      ).body.callId;
      setUp(clusters.slice(0, 1));
    });

    const setUp = (these: typeof clusters) =>
      void Object.assign(app.services.ports, { clusters: createClusters(these, { now: Date.now }) });

    it('is over: the next participant begins another one', async () => {
      const { status, body } = await join(roomId, host.token);
      expect([status, body.url]).toEqual([200, 'wss://near.auralink.test']);
      expect(body.callId).not.toBe(left);
      expect((await join(roomId, (await colleague()).token)).body.callId).toBe(body.callId);
      const { body: call } = await app.send('GET', `/api/v1/calls/${left}`, { token: host.token });
      expect(call).toMatchObject({ endReason: 'lost' });
    });

    it('stays as it is when there is no cluster for another one', async () => {
      setUp([]);
      const late = await colleague();
      expect((await join(roomId, late.token)).body).toMatchObject({ code: 'clusters.not_configured' });
      const seats = 'select id from call_participants where identity = $1';
      const entries = `select id from audit_logs where action = 'room.admitted' and after->>'identity' = $1`;
      for (const stored of [seats, entries]) expect(await ownerSql(stored, [late.userId])).toEqual([]);
      const { body: call } = await app.send('GET', `/api/v1/calls/${left}`, { token: host.token });
      expect(call).toMatchObject({ endReason: null });
    });
  });

  it('cannot begin without a configured cluster', async () => {
    app = createTestApp({ clusters: createClusters([], { now: Date.now }) });
    host = await app.person();
    const answer = await join(await createRoom(), host.token);
    expect(answer.body).toMatchObject({ status: 503, code: 'clusters.not_configured' });
  });
});
