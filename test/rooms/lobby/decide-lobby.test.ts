import { beforeEach, describe, expect, it } from 'vitest';
import { verifyRoomTicket } from '../../../src/realtime/protocol/index.ts';
import { sweepLobby } from '../../../src/rooms/lobby/index.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { withFreshToken } from '../../support/tokens.ts';

let app: TestApp;
let host: Person;
let roomId: string;

beforeEach(async () => {
  app = createTestApp();
  // A day before the time of other files: the sweep covers all organizations, and other files have waiting people, too.
  app.clock.advanceSeconds(-86_400);
  host = await app.person();
  const body = { name: 'Room', lobby: true };
  roomId = (await app.send('POST', '/api/v1/rooms', { token: host.token, body })).body.id as string;
});

const colleague = () => app.person({ role: 'member', organizationId: host.organizationId });
const join = (person: Person) =>
  app.send('POST', `/api/v1/rooms/${roomId}/token`, { token: person.token, body: {} });
const sendToLobby = (method: string, rest: string, person = host) =>
  app.send(method, `/api/v1/rooms/${roomId}/lobby${rest}`, { token: person.token });
const lobbyCommands = () => app.liveRooms.commandTypesOf(roomId).filter((type) => type.startsWith('lobby.'));
/** The decisions that the live room received: entry, decision, and the moderator. */
const decisions = () =>
  app.liveRooms.appliedCommands.flatMap(({ roomId: commandRoomId, command }) =>
    commandRoomId === roomId && command.type === 'lobby.decided'
      ? [[command.lobbyEntryId, command.decision, command.by]]
      : [],
  );

describe('a room with a lobby', () => {
  it('admits its host, and lets others wait with a ticket that shows them nothing else', async () => {
    expect((await join(host)).body.status).toBe('admitted');
    const guest = await colleague();
    const { status, body, headers } = await join(guest);
    expect([status, body.status]).toEqual([202, 'waiting']);
    expect(headers.get('location')).toBe(`/api/v1/rooms/${roomId}/lobby/${body.lobbyEntryId}`);
    expect(await verifyRoomTicket(app.services.signer, body.realtime.ticket)).toMatchObject({
      lobbyEntryId: body.lobbyEntryId,
      callId: null,
      participantId: null,
    });
    expect(lobbyCommands()).toEqual(['lobby.waiting']);
  });

  it('keeps one entry for a person who asks again', async () => {
    const guest = await colleague();
    const [first, second] = [await join(guest), await join(guest)];
    expect(second.body.lobbyEntryId).toBe(first.body.lobbyEntryId);
    expect((await sendToLobby('GET', '')).body.data).toHaveLength(1);
  });

  it('admits a person whom a moderator admitted, once they ask again', async () => {
    const guest = await colleague();
    const { lobbyEntryId } = (await join(guest)).body;
    expect((await sendToLobby('POST', `/${lobbyEntryId}/admit`)).body).toMatchObject({ status: 'admitted' });
    expect((await sendToLobby('GET', `/${lobbyEntryId}`, guest)).body).toMatchObject({ status: 'admitted' });
    expect((await join(guest)).body).toMatchObject({ status: 'admitted' });
    expect(lobbyCommands()).toEqual(['lobby.waiting', 'lobby.decided']);
  });

  it('does not admit a person whose admission has expired', async () => {
    const guest = await colleague();
    const { lobbyEntryId } = (await join(guest)).body;
    await sendToLobby('POST', `/${lobbyEntryId}/admit`);
    app.clock.advanceSeconds(601);
    expect((await join(await withFreshToken(app, guest, 'member'))).body.status).toBe('waiting');
  });

  it('refuses a person whom a moderator denied, until they ask again after a minute', async () => {
    const guest = await colleague();
    const { lobbyEntryId } = (await join(guest)).body;
    await sendToLobby('POST', `/${lobbyEntryId}/deny`);
    const answer = await join(guest);
    expect(answer.body).toMatchObject({ code: 'rooms.denied' });
    expect(answer.headers.get('retry-after')).toBe('60');
    app.clock.advanceSeconds(61);
    expect((await join(guest)).body.status).toBe('waiting');
  });

  it('decides an entry once; repeating the decision gives the same answer', async () => {
    const guest = await colleague();
    const { lobbyEntryId } = (await join(guest)).body;
    await sendToLobby('POST', `/${lobbyEntryId}/admit`);
    expect(await sendToLobby('POST', `/${lobbyEntryId}/admit`)).toMatchObject({ status: 200 });
    expect((await sendToLobby('POST', `/${lobbyEntryId}/deny`)).body).toMatchObject({
      code: 'lobby.decided',
    });
  });

  it('admits or denies everybody who is waiting at once', async () => {
    const guests = await Promise.all(Array.from({ length: 4 }, colleague));
    for (const guest of guests.slice(0, 3)) await join(guest);
    expect((await sendToLobby('POST', '/admit-all')).body.data).toHaveLength(3);
    await join(guests[3]!);
    expect((await sendToLobby('POST', '/deny-all')).body.data).toMatchObject([{ status: 'denied' }]);
    expect((await sendToLobby('GET', '')).body.data).toEqual([]);
  });

  it('is decided by hosts and moderators only; others see their own entry', async () => {
    const [guest, other] = [await colleague(), await colleague()];
    const { lobbyEntryId } = (await join(guest)).body;
    for (const rest of ['/admit-all', '/deny-all'])
      expect((await sendToLobby('POST', rest, other)).body).toMatchObject({ code: 'lobby.not_moderator' });
    expect((await sendToLobby('POST', `/${lobbyEntryId}/admit`, guest)).body).toMatchObject({
      code: 'lobby.not_moderator',
    });
    expect((await sendToLobby('GET', '', other)).body).toMatchObject({ code: 'lobby.not_moderator' });
    expect((await sendToLobby('GET', `/${lobbyEntryId}`, other)).body).toMatchObject({
      code: 'lobby.not_found',
    });
  });

  it('cancels the entry of a person who leaves', async () => {
    const guest = await colleague();
    const { lobbyEntryId } = (await join(guest)).body;
    expect(await sendToLobby('DELETE', `/${lobbyEntryId}`, guest)).toMatchObject({ status: 204 });
    expect((await sendToLobby('GET', '')).body.data).toEqual([]);
    expect((await sendToLobby('POST', `/${lobbyEntryId}/admit`)).body).toMatchObject({
      code: 'lobby.decided',
    });
  });

  it('expires entries without a decision, and the room shows it', async () => {
    const guests = [await colleague(), await colleague()];
    const ids = [];
    for (const guest of guests) ids.push((await join(guest)).body.lobbyEntryId);
    app.clock.advanceSeconds(31 * 60);
    expect(await sweepLobby(app.services)).toMatchObject({ failed: 0 });
    const again = await withFreshToken(app, host);
    expect((await sendToLobby('GET', `/${ids[0]}`, again)).body).toMatchObject({ status: 'expired' });
    expect((await sendToLobby('POST', `/${ids[0]}/admit`, again)).body).toMatchObject({
      code: 'lobby.decided',
    });
    await app.drain();
    expect(new Set(decisions())).toEqual(new Set(ids.map((id) => [id, 'expired', null])));
    await sweepLobby(app.services);
    await app.drain();
    expect(decisions()).toHaveLength(2);
  });

  it('does not expire the entry of a person who asked again in time', async () => {
    const [stays, leaves] = [await colleague(), await colleague()];
    const { lobbyEntryId } = (await join(leaves)).body;
    await join(stays);
    app.clock.advanceSeconds(20 * 60);
    await join(await withFreshToken(app, stays, 'member'));
    app.clock.advanceSeconds(11 * 60);
    await sweepLobby(app.services);
    await app.drain();
    expect(decisions()).toEqual([[lobbyEntryId, 'expired', null]]);
    expect((await sendToLobby('GET', '', await withFreshToken(app, host))).body.data).toHaveLength(1);
  });

  it('shows a decision again in a live room that could not be reached', async () => {
    const guest = await colleague();
    const { lobbyEntryId } = (await join(guest)).body;
    app.liveRooms.failNext(1);
    await sendToLobby('POST', `/${lobbyEntryId}/admit`);
    expect(lobbyCommands()).toEqual(['lobby.waiting']);
    await app.drain();
    expect(lobbyCommands()).toEqual(['lobby.waiting', 'lobby.decided']);
  });
});
