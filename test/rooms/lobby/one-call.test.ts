import { beforeEach, describe, expect, it } from 'vitest';
import { type Attendee, createMeeting, type Meeting } from '../../support/meeting.ts';
import type { Person } from '../../support/app.ts';
import { withFreshToken } from '../../support/tokens.ts';
import { reportClusterEvents } from '../../support/report-cluster-events.ts';

let meeting: Meeting;
let guest: Person;

beforeEach(async () => {
  meeting = await createMeeting({ lobby: true });
  guest = await meeting.app.person({ role: 'member', organizationId: meeting.host.organizationId });
});

const ask = (person: { token: string } = guest) => meeting.send('POST', '/token', person, {});
const admit = async (person: { token: string } = guest) => {
  const { lobbyEntryId } = (await ask(person)).body;
  return meeting.send('POST', `/lobby/${lobbyEntryId}/admit`, meeting.host);
};
const endCall = async () => {
  const ended = await meeting.send('POST', '/end', meeting.host, { keepOpen: true });
  expect(ended.status).toBe(200);
};

describe('an admission from the lobby', () => {
  it('counts for the call it was made for: in the next call the person waits again', async () => {
    await meeting.join({ person: meeting.host });
    await admit();
    expect((await ask()).body.status).toBe('admitted');
    await endCall();
    await meeting.join({ person: meeting.host });
    expect((await ask()).body).toMatchObject({ status: 'waiting' });
  });

  it('that was not used in its call does not count for the next one', async () => {
    await meeting.join({ person: meeting.host });
    await admit();
    await endCall();
    await meeting.join({ person: meeting.host });
    expect((await ask()).body).toMatchObject({ status: 'waiting' });
  });

  it('from before a call counts for the call that begins next, and for no later one', async () => {
    await admit();
    const [host, { body }] = [await meeting.join({ person: meeting.host }), await ask()];
    expect(body).toMatchObject({ status: 'admitted', callId: host.callId });
    await endCall();
    await meeting.join({ person: meeting.host });
    expect((await ask()).body).toMatchObject({ status: 'waiting' });
  });

  it('from before a call, not used in it, does not count for a later one', async () => {
    await admit();
    await meeting.join({ person: meeting.host });
    await endCall();
    await meeting.join({ person: meeting.host });
    expect((await ask()).body).toMatchObject({ status: 'waiting' });
  });

  it('lets its person come back to the same call after their connection broke, however late', async () => {
    const host = await meeting.join({ person: meeting.host });
    await admit();
    const seat = (await ask()).body;
    meeting.app.liveKit.cluster.join(seat.callId, seat.identity, { name: 'Ada' });
    await reportClusterEvents(meeting.app);
    meeting.app.liveKit.cluster.leave(seat.callId, seat.identity, 'CONNECTION_TIMEOUT');
    await reportClusterEvents(meeting.app);
    meeting.app.clock.advanceSeconds(3_600);
    const back = await ask(await withFreshToken(meeting.app, guest, 'member'));
    expect(back.body).toMatchObject({ status: 'admitted', callId: host.callId });
    expect(back.body.participantId).toBe(seat.participantId);
  });

  it('whose token was never used counts no longer than that admission', async () => {
    await meeting.join({ person: meeting.host });
    await admit();
    expect((await ask()).body.status).toBe('admitted');
    meeting.app.clock.advanceSeconds(601);
    expect((await ask(await withFreshToken(meeting.app, guest, 'member'))).body.status).toBe('waiting');
  });
});

describe('a move', () => {
  let ada: Attendee;
  let toRoomId: string;

  const enter = () => {
    const { ticket } = meeting.commandsOf('participant.moved').at(-1)!;
    return meeting.app.send('POST', `/api/v1/rooms/${toRoomId}/enter`, { body: { ticket } });
  };

  beforeEach(async () => {
    meeting = await createMeeting();
    const body = { name: 'Other', lobby: true, locked: true };
    const { app, host } = meeting;
    toRoomId = (await app.send('POST', '/api/v1/rooms', { token: host.token, body })).body.id as string;
    ada = await meeting.join();
    const moved = await meeting.send('POST', `/participants/${ada.participantId}/move`, host, { toRoomId });
    expect(moved.status).toBe(200);
  });

  it('leads into one call: past the lobby of a later one its ticket does not help', async () => {
    const { app, host } = meeting;
    expect((await enter()).body.status).toBe('admitted');
    expect((await enter()).body.status).toBe('admitted');
    const path = `/api/v1/rooms/${toRoomId}`;
    await app.send('POST', `${path}/end`, { token: host.token, body: { keepOpen: true } });
    await app.send('POST', `${path}/token`, { token: host.token, body: {} });
    expect((await enter()).body).toMatchObject({ code: 'moves.not_found' });
    const lobby = await app.send('GET', `${path}/lobby`, { token: host.token });
    expect(lobby.body.data).toEqual([]);
  });

  it('into a room in whose lobby the person waits ends their wait', async () => {
    const { app, host } = meeting;
    const path = `/api/v1/rooms/${toRoomId}`;
    await app.send('POST', `${path}/unlock`, { token: host.token });
    const asked = await app.send('POST', `${path}/token`, { token: ada.token, body: {} });
    expect(asked.body.status).toBe('waiting');
    expect((await enter()).body.status).toBe('admitted');
    expect((await app.send('GET', `${path}/lobby`, { token: host.token })).body.data).toEqual([]);
    expect(meeting.commandsOf('lobby.decided', toRoomId)).toMatchObject([{ decision: 'admitted' }]);
  });
});
