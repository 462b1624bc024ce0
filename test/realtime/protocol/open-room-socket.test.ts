import { beforeEach, describe, expect, it } from 'vitest';
import {
  liveCommandsIssued,
  type RoomTicketClaims,
  signRoomTicket,
  sendLiveCommands,
  verifyRoomTicket,
} from '../../../src/realtime/protocol/index.ts';
import { type Ctx, systemScope } from '../../../src/kernel/context/index.ts';
import { eventsStatement } from '../../../src/kernel/events/index.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';

let app: TestApp;
let claims: RoomTicketClaims;

beforeEach(() => {
  app = createTestApp();
  const { ids } = app.services;
  claims = {
    organizationId: ids.create('organization'),
    roomId: ids.create('room'),
    identity: ids.create('guest'),
    participantId: ids.create('participant'),
    callId: ids.create('call'),
    name: 'Zoë 🎈',
    role: 'participant',
    kind: 'guest',
    userId: null,
    linkId: ids.create('link'),
    credential: null,
    lobbyEntryId: null,
    features: { chat: true, files: false, captions: true, screenShare: true, recording: false },
  };
});

const sign = (lifeSeconds?: number, sinceMs?: number) =>
  signRoomTicket(app.services.signer, claims, lifeSeconds, sinceMs);
const verify = (token: string) => verifyRoomTicket(app.services.signer, token);

describe('a room ticket', () => {
  it('verifies to the claims that were signed, with the times of issue and expiry', async () => {
    const nowMs = app.clock.now();
    const secondMs = Math.floor(nowMs / 1000) * 1000;
    expect(await verify(await sign())).toEqual({
      ...claims,
      issuedAtMs: nowMs,
      expiresAtMs: secondMs + 600_000,
      sinceMs: secondMs,
    });
  });

  it('from before milliseconds were stored in it was issued at the beginning of its second', async () => {
    const { signer } = app.services;
    const { identity: sub, ...rest } = claims;
    const token = await signer.sign({ ...rest, sub }, { type: 'room-ticket+jwt', lifeSeconds: 600 });
    const secondMs = Math.floor(app.clock.now() / 1000) * 1000;
    expect(await verify(token)).toMatchObject({ ...claims, issuedAtMs: secondMs });
  });

  it('carries the time at which its chain of tickets began', async () => {
    const sinceMs = Math.floor(app.clock.now() / 1000) * 1000 - 3_600_000;
    expect(await verify(await sign(600, sinceMs))).toMatchObject({ sinceMs });
  });

  it('expires after ten minutes', async () => {
    const token = await sign();
    app.clock.advanceSeconds(601);
    await expect(verify(token)).rejects.toMatchObject({ code: 'auth.expired_token' });
  });

  it('is not accepted as another kind of token, nor another token as a ticket', async () => {
    const { token } = await app.person();
    await expect(verify(token)).rejects.toMatchObject({ code: 'auth.invalid_token' });
    const headers = { authorization: `Bearer ${await sign()}` };
    expect(await app.send('GET', '/api/v1/auth/whoami', { headers })).toMatchObject({ status: 401 });
  });
});

describe('opening the socket of a room', () => {
  const open = (headers: Record<string, string>, query = '', roomId = claims.roomId) =>
    app.send('GET', `/api/v1/rooms/${roomId}/socket${query}`, {
      headers: { upgrade: 'websocket', ...headers },
    });
  const offering = async (more = '') => ({
    'sec-websocket-protocol': `auralink.v1, ticket.${await sign()}${more}`,
  });

  it('accepts the ticket as a subprotocol', async () => {
    expect(await open(await offering())).toMatchObject({ status: 101 });
    expect(app.liveRooms.openedTickets).toMatchObject([{ ...claims }]);
  });

  it('accepts the ticket in the query', async () => {
    expect(await open({}, `?ticket=${await sign()}`)).toMatchObject({ status: 101 });
  });

  it('takes no round trip to the database', async () => {
    const before = app.roundTrips();
    await open(await offering());
    expect(app.roundTrips()).toBe(before);
  });

  it('requires an upgrade request', async () => {
    const headers = { ...(await offering()), upgrade: 'h2c' };
    expect(await open(headers)).toMatchObject({ status: 426, body: { code: 'realtime.upgrade_required' } });
  });

  it.each([
    ['no ticket', '', 'auth.required'],
    ['nonsense', '?ticket=nonsense', 'auth.invalid_token'],
  ])('is refused with %s', async (_name, query, code) => {
    expect(await open({}, query)).toMatchObject({ status: 401, body: { code } });
  });

  it('is refused with an expired ticket', async () => {
    const headers = await offering();
    app.clock.advanceSeconds(601);
    expect(await open(headers)).toMatchObject({ status: 401, body: { code: 'auth.expired_token' } });
  });

  it('is refused with the ticket of another room', async () => {
    const other = app.services.ids.create('room');
    expect(await open(await offering(), '', other)).toMatchObject({
      status: 404,
      body: { code: 'realtime.room_not_found' },
    });
    expect(app.liveRooms.openedTickets).toEqual([]);
  });

  it('is refused to a client that offers another protocol only', async () => {
    const headers = { 'sec-websocket-protocol': `auralink.v9, ticket.${await sign()}` };
    expect(await open(headers)).toMatchObject({ status: 400, body: { code: 'request.invalid' } });
  });

  it.each([
    ['https://app.auralink.test', 101],
    ['http://auralink.test', 101],
    ['https://evil.test', 403],
    ['null', 403],
    ['http://auralink.test.evil.test', 403],
  ])('from a page of origin %s answers %i', async (origin, status) => {
    expect(await open({ ...(await offering()), origin })).toMatchObject({ status });
  });

  it('answers 503 when the live room cannot be reached', async () => {
    app.liveRooms.failNext(1);
    expect(await open(await offering())).toMatchObject({ status: 503, body: { code: 'server.unavailable' } });
  });
});

describe('commands for a live room', () => {
  const command = { type: 'room.locked', key: 'k', atMs: 1, locked: true } as const;
  const ctx = () => app.services as unknown as Ctx;

  it.each(['live_room.commands_issued', 'live_room.told'])('are applied by the event %s', async (type) => {
    const { organizationId } = await app.person();
    const event = { ...liveCommandsIssued.of({ roomId: claims.roomId, commands: [command] }), type };
    await app.services.database.commit(systemScope, (q) => [
      eventsStatement(q, [event], {
        organizationId,
        traceparent: `00-${'1'.repeat(32)}-${'1'.repeat(16)}-01`,
        nowMs: app.clock.now(),
        ids: app.services.ids,
      }),
    ]);
    await app.drain();
    expect(app.liveRooms.commandTypesOf(claims.roomId)).toEqual(['room.locked']);
  });

  it('do not fail the verb when the room cannot be reached', async () => {
    app.liveRooms.failNext(1);
    await sendLiveCommands(ctx(), claims.roomId, [command]);
    expect(app.liveRooms.appliedCommands).toEqual([]);
    expect(app.log.map(({ event }) => event)).toContain('live_room.commands_not_applied');
    await sendLiveCommands(ctx(), claims.roomId, [command]);
    expect(app.liveRooms.commandTypesOf(claims.roomId)).toEqual(['room.locked']);
  });
});
