import { beforeEach, describe, expect, it } from 'vitest';
import { deliverAll } from '../../calls/calls/support.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { createLinkFixture, type LinkFixture } from '../links/link-fixture.ts';

let app: TestApp;
let world: LinkFixture;

beforeEach(async () => {
  app = createTestApp();
  world = await createLinkFixture(app);
});

const join = (roomId: string, { token }: Pick<Person, 'token'>, body: object = {}) =>
  app.send('POST', `/api/v1/rooms/${roomId}/token`, { token, body });
const decisions = (roomId: string) =>
  app.liveRooms.appliedCommands.flatMap(({ roomId: inRoom, command }) =>
    inRoom === roomId && command.type === 'lobby.decided' ? [[command.lobbyEntryId, command.decision]] : [],
  );
const waitingIn = async (roomId: string): Promise<{ id: string }[]> =>
  (await app.send('GET', `/api/v1/rooms/${roomId}/lobby`, { token: world.host.token })).body.data;
const change = async (roomId: string, body: object) =>
  expect(await app.send('PATCH', `/api/v1/rooms/${roomId}`, { token: world.host.token, body })).toMatchObject(
    { status: 200, body },
  );
/** Lets somebody in and connects them to the call. */
async function enter(roomId: string, person: Pick<Person, 'token'>, body: object = {}): Promise<string> {
  const seat = await join(roomId, person, body);
  expect(seat).toMatchObject({ status: 200, body: { status: 'admitted' } });
  app.liveKit.cluster.join(seat.body.callId, seat.body.identity);
  await deliverAll(app);
  return seat.body.callId;
}
/** A guest who came by the link. */
async function guest(code: string) {
  const { status, body } = await world.join(code, { visitorKey: crypto.randomUUID() });
  return { status, body, token: body.guestTicket as string, entryId: body.lobbyEntryId as string };
}

describe('a room that waits for its host', () => {
  it('is a setting that is off by default, shown, and changed', async () => {
    const roomId = await world.room();
    const room = await app.send('GET', `/api/v1/rooms/${roomId}`, { token: world.host.token });
    expect(room.body.waitForHost).toBe(false);
    await change(roomId, { waitForHost: true });
  });

  it('lets members, guests and services wait, and admits them as soon as a host is connected', async () => {
    const { code, roomId } = await world.link({}, { waitForHost: true });
    const member = await world.colleague();
    const key = await app.send('POST', '/api/v1/api-keys', {
      token: world.host.token,
      body: { name: 'Notes', scopes: ['rooms:write'] },
    });
    const agent = { identity: 'notes', role: 'agent' };
    const answers = [
      await guest(code),
      await join(roomId, member),
      await join(roomId, { token: key.body.secret }, agent),
    ];
    for (const answer of answers)
      expect(answer).toMatchObject({ status: 202, body: { status: 'waiting', waitsFor: 'host' } });
    await app.drain();
    expect(decisions(roomId)).toEqual([]);
    // A seat alone is not yet a host in the call.
    const seat = await join(roomId, world.host);
    await app.drain();
    expect(decisions(roomId)).toEqual([]);
    app.liveKit.cluster.join(seat.body.callId, seat.body.identity);
    await deliverAll(app);
    const admitted = answers.map(({ body }) => [body.lobbyEntryId, 'admitted']);
    expect(decisions(roomId)).toEqual(expect.arrayContaining(admitted));
    expect(await waitingIn(roomId)).toEqual([]);
    expect((await join(roomId, member)).body.status).toBe('admitted');
    expect((await join(roomId, { token: answers[0]!.body.guestTicket })).body.status).toBe('admitted');
    // Those who come later enter at once, also when the host has left.
    app.liveKit.cluster.leave(seat.body.callId, seat.body.identity);
    await deliverAll(app);
    expect((await guest(code)).body.status).toBe('admitted');
  });

  it('admits people to that call only: in the next one they wait again', async () => {
    const { code, roomId } = await world.link({}, { waitForHost: true });
    const ada = await guest(code);
    await enter(roomId, world.host);
    await app.send('POST', `/api/v1/rooms/${roomId}/end`, {
      token: world.host.token,
      body: { keepOpen: true },
    });
    await deliverAll(app);
    expect((await join(roomId, ada)).body).toMatchObject({ status: 'waiting', waitsFor: 'host' });
  });

  it('lets moderators in and lets them admit people, but is opened by a host only', async () => {
    const { code, roomId } = await world.link({}, { waitForHost: true });
    const { code: moderatorCode } = await world.link({ roomId, defaultRole: 'moderator' });
    const [ada, bob] = [await guest(code), await guest(code)];
    const moderator = await guest(moderatorCode);
    expect(moderator.body).toMatchObject({ status: 'admitted', role: 'moderator' });
    app.liveKit.cluster.join(moderator.body.callId, moderator.body.identity);
    await deliverAll(app);
    expect(await waitingIn(roomId)).toHaveLength(2);
    const admit = await app.send('POST', `/api/v1/rooms/${roomId}/lobby/${ada.entryId}/admit`, {
      token: moderator.token,
    });
    expect(admit.status).toBe(200);
    expect((await join(roomId, ada)).body.status).toBe('admitted');
    expect((await join(roomId, bob)).body.status).toBe('waiting');
  });

  it('is opened by a guest whose link makes them a host', async () => {
    const { code, roomId } = await world.link({}, { waitForHost: true });
    const { code: hostCode } = await world.link({ roomId, defaultRole: 'host' });
    const ada = await guest(code);
    const host = await guest(hostCode);
    app.liveKit.cluster.join(host.body.callId, host.body.identity);
    await deliverAll(app);
    expect(decisions(roomId)[0]).toEqual([ada.entryId, 'admitted']);
  });

  it('is opened by a participant who becomes a host, and not by a host who joins in a lower role', async () => {
    const { code, roomId } = await world.link({}, { waitForHost: true });
    const ada = await guest(code);
    const callId = await enter(roomId, world.host, { role: 'participant' });
    expect(await waitingIn(roomId)).toHaveLength(1);
    const seats = await app.send('GET', `/api/v1/calls/${callId}/participants`, { token: world.host.token });
    const { id } = seats.body.data[0];
    const promoted = await app.send('PATCH', `/api/v1/rooms/${roomId}/participants/${id}`, {
      token: world.host.token,
      body: { role: 'host' },
    });
    expect(promoted.status).toBe(200);
    await app.drain();
    expect(decisions(roomId)[0]).toEqual([ada.entryId, 'admitted']);
  });

  it('keeps people who need approval waiting for it after the host has come', async () => {
    const { code, roomId } = await world.link({}, { waitForHost: true, lobby: true });
    const ada = await guest(code);
    expect(ada.body).toMatchObject({ status: 'waiting', waitsFor: 'approval' });
    await enter(roomId, world.host);
    expect(await waitingIn(roomId)).toMatchObject([{ id: ada.entryId }]);
  });

  it('admits those who wait when the setting is switched off, unless the lobby or a lock keeps them', async () => {
    const { code, roomId } = await world.link({}, { waitForHost: true });
    const ada = await guest(code);
    await change(roomId, { waitForHost: false, locked: true });
    expect(await waitingIn(roomId)).toHaveLength(1);
    await change(roomId, { locked: false });
    expect(decisions(roomId)).toEqual([[ada.entryId, 'admitted']]);
  });

  it('does not keep out people of the call when the setting was switched on', async () => {
    const { code, roomId } = await world.link();
    const ada = await guest(code);
    expect(ada.body.status).toBe('admitted');
    app.liveKit.cluster.join(ada.body.callId, ada.body.identity);
    await deliverAll(app);
    await change(roomId, { waitForHost: true });
    expect((await join(roomId, ada)).body.status).toBe('admitted');
    expect((await guest(code)).body).toMatchObject({ status: 'waiting', waitsFor: 'host' });
  });

  it('admits somebody who began to wait at the moment at which the host came', async () => {
    const { code, roomId } = await world.link({}, { waitForHost: true });
    const { database } = app.services;
    const { commit } = database;
    database.commit = async (scope, build) => {
      database.commit = commit;
      await enter(roomId, world.host);
      return commit(scope, build);
    };
    const ada = await guest(code);
    expect(ada.body.status).toBe('waiting');
    await app.drain();
    expect(decisions(roomId)[0]).toEqual([ada.entryId, 'admitted']);
  });

  it('has a seat for its host in a full call, and refuses those who waited beyond the capacity', async () => {
    const { code, roomId } = await world.link({}, { waitForHost: true, capacity: 1 });
    const [ada, bob] = [await guest(code), await guest(code)];
    await enter(roomId, world.host);
    expect([(await join(roomId, ada)).body.code, (await join(roomId, bob)).body.code]).toEqual([
      'rooms.full',
      'rooms.full',
    ]);
  });

  it('refuses people who waited when it was ended meanwhile', async () => {
    const { code, roomId } = await world.link({}, { waitForHost: true });
    const ada = await guest(code);
    await app.send('POST', `/api/v1/rooms/${roomId}/end`, { token: world.host.token, body: {} });
    await app.drain();
    expect((await join(roomId, ada)).body.code).toBe('rooms.ended');
    await change(roomId, { status: 'open' });
    expect((await join(roomId, ada)).body).toMatchObject({ status: 'waiting', waitsFor: 'host' });
  });

  it('lets guests who are released claim no more seats at once than other guests', async () => {
    const { code, roomId } = await world.link({}, { waitForHost: true, capacity: 6 });
    const guests = [await guest(code), await guest(code), await guest(code), await guest(code)];
    await enter(roomId, world.host);
    const answers = [];
    for (const each of guests) answers.push((await join(roomId, each)).body);
    expect(answers.map(({ status, code: refusal }) => refusal ?? status)).toEqual([
      'admitted',
      'admitted',
      'admitted',
      'rooms.seats_unclaimed',
    ]);
  });
});
