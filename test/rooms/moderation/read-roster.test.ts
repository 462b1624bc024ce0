import { beforeEach, describe, expect, it } from 'vitest';
import type { LiveRosterEntry } from '../../../src/realtime/protocol/index.ts';
import { type Attendee, createMeeting, type Meeting, misbehaveCluster } from '../../support/meeting.ts';
import { changeCallParticipant } from '../../support/calls.ts';

let meeting: Meeting;

beforeEach(async () => {
  meeting = await createMeeting();
});

const getRoster = (by: { token: string } = meeting.host) => meeting.send('GET', '/participants', by);
const findPerson = ({ body }: { body: { data: { identity: string }[] } }, { identity }: Attendee) =>
  body.data.find((each) => each.identity === identity);
const rosterEntry = (
  { identity, participantId }: Attendee,
  more: Partial<LiveRosterEntry> = {},
): LiveRosterEntry => ({
  identity,
  name: 'Socket',
  role: 'participant',
  kind: 'user',
  participantId,
  handRaisedAt: null,
  joinedAt: new Date(meeting.app.clock.now()).toISOString(),
  connections: 1,
  ...more,
});
const setLiveRoster = (...people: LiveRosterEntry[]) =>
  meeting.app.liveRooms.rosters.set(meeting.roomId, { people, spotlight: null, locked: false, seq: 7 });

describe('the roster', () => {
  it('merges people connected to media with people who have a socket', async () => {
    const [both, media, ticket] = [
      await meeting.join(),
      await meeting.join(),
      await meeting.join({ connect: false }),
    ];
    const sid = meeting.app.liveKit.cluster.publish(both.callId, both.identity, { source: 'MICROPHONE' });
    setLiveRoster(
      rosterEntry(both, { handRaisedAt: '2026-01-05T09:30:00.000Z', connections: 2 }),
      rosterEntry(ticket),
    );
    const answer = await getRoster();
    expect(answer).toMatchObject({
      status: 200,
      body: { callId: both.callId, missing: [], spotlight: null },
    });
    expect(answer.body.data).toHaveLength(3);
    expect(findPerson(answer, both)).toMatchObject({
      participantId: both.participantId,
      name: 'Test Person',
      kind: 'user',
      media: { tracks: [{ trackSid: sid, kind: 'audio', source: 'microphone', muted: false }] },
      socket: { connections: 2, handRaisedAt: '2026-01-05T09:30:00.000Z' },
    });
    expect(findPerson(answer, media)).toMatchObject({ media: { tracks: [] }, socket: null });
    expect(findPerson(answer, ticket)).toMatchObject({ media: null, socket: { connections: 1 } });
  });

  it('is empty before the first call, without a request to the cluster', async () => {
    const answer = await getRoster();
    expect(answer.body).toMatchObject({ callId: null, data: [], missing: [] });
    expect(meeting.app.liveKit.calledMethods).toEqual([]);
  });

  it('names the cluster as missing, and lists people whom the ledger has as connected', async () => {
    const ada = await meeting.join();
    await changeCallParticipant(meeting.app, ada.participantId, { status: 'connected' });
    misbehaveCluster(meeting.app, 'status=500');
    const answer = await getRoster();
    expect(answer).toMatchObject({ status: 200, body: { missing: ['media'] } });
    expect(findPerson(answer, ada)).toMatchObject({ participantId: ada.participantId, media: null });
  });

  it('names the live room as missing, and lists the rest', async () => {
    const ada = await meeting.join();
    meeting.app.liveRooms.failNext(1);
    const answer = await getRoster();
    expect(answer).toMatchObject({ status: 200, body: { missing: ['live'] } });
    expect(findPerson(answer, ada)).toMatchObject({ media: { tracks: [] }, socket: null });
  });

  it('names both sources as missing', async () => {
    await meeting.join();
    misbehaveCluster(meeting.app, 'status=500');
    meeting.app.liveRooms.failNext(1);
    expect((await getRoster()).body).toMatchObject({ data: [], missing: ['media', 'live'] });
  });

  it('lists observers for moderators only', async () => {
    const { app, host, roomId } = meeting;
    const key = await app.send('POST', '/api/v1/api-keys', {
      token: host.token,
      body: { name: 'Key', scopes: ['rooms:write'] },
    });
    const seat = await app.send('POST', `/api/v1/rooms/${roomId}/token`, {
      token: key.body.secret,
      body: { identity: 'watcher', role: 'observer' },
    });
    app.liveKit.cluster.join(seat.body.callId, seat.body.identity, { hidden: true });
    const ada = await meeting.join();
    expect((await getRoster()).body.data).toHaveLength(2);
    expect((await getRoster(ada)).body.data).toHaveLength(1);
  });

  it('lists agents, recorders and unknown clients of the cluster without a seat', async () => {
    const { callId } = await meeting.join();
    const { cluster } = meeting.app.liveKit;
    for (const identity of ['agt_scribe', 'EG_recorder', 'somebody']) cluster.join(callId, identity);
    const { body } = await getRoster();
    const roles = Object.fromEntries(
      body.data.map((each: { identity: string; role: string }) => [each.identity, each.role]),
    );
    expect(roles).toMatchObject({ agt_scribe: 'agent', EG_recorder: 'observer', somebody: 'participant' });
  });

  it('is for guests of the room, not for guests of another room or for removed people', async () => {
    const guest = await meeting.guest();
    expect((await getRoster(guest)).status).toBe(200);
    const other = await createMeeting({}, meeting.app);
    expect((await other.send('GET', '/participants', guest)).body.code).toBe('rooms.not_found');
    await meeting.send('DELETE', `/participants/${guest.participantId}`, meeting.host);
    expect(await getRoster(guest)).toMatchObject({ status: 403, body: { code: 'rooms.removed' } });
  });
});
