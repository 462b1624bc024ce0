import { beforeEach, describe, expect, it } from 'vitest';
import { recallDueBreakouts } from '../../../src/rooms/breakouts/index.ts';
import type { TestResponse } from '../../support/app.ts';
import { sendFrame } from '../../support/send-frame.ts';
import { type Attendee, createMeeting, type Meeting, misbehaveCluster } from '../../support/meeting.ts';
import { changeCallParticipant } from '../../support/calls.ts';

let meeting: Meeting;

beforeEach(async () => {
  meeting = await createMeeting();
});

interface Group {
  roomId: string;
  name: string;
  identities: string[];
}

const open = (body: unknown, by: { token: string } = meeting.host) =>
  meeting.send('POST', '/breakouts', by, body);
const groupsOf = ({ body }: TestResponse): Group[] => body.rooms;
const identities = (...people: Attendee[]) => people.map(({ identity }) => identity);
/** The last move of each identity, by the commands that the live room received. */
const movesFrom = (roomId: string) =>
  new Map(
    meeting
      .commandsOf('participant.moved', roomId)
      .map(({ identity, toRoomId, ticket }) => [identity, { toRoomId, ticket: ticket! }]),
  );

/** Enters a room with the ticket that a person received, and connects. */
async function enterByTicket({ identity }: Attendee, fromRoomId = meeting.roomId) {
  const { toRoomId, ticket } = movesFrom(fromRoomId).get(identity)!;
  const came = await meeting.app.send('POST', `/api/v1/rooms/${String(toRoomId)}/enter`, {
    body: { ticket },
  });
  expect(came).toMatchObject({ status: 200 });
  // The state of the ledger once the cluster has reported them.
  meeting.app.liveKit.cluster.join(came.body.callId, identity);
  return came.body as { callId: string; role: string; participantId: string; guestTicket: string | null };
}

const waitForParticipants = async (...people: Attendee[]) => {
  for (const { participantId } of people)
    await changeCallParticipant(meeting.app, participantId, { status: 'connected' });
};

/** The live room has these people, with a socket each. */
const openSockets = (...people: Attendee[]) =>
  meeting.app.liveRooms.rosters.set(meeting.roomId, {
    people: people.map(({ identity, participantId }) => ({
      identity,
      participantId,
      name: identity,
      role: 'participant',
      kind: 'user',
      handRaisedAt: null,
      joinedAt: '2026-01-05T09:30:00.000Z',
      connections: 1,
    })),
    spotlight: null,
    locked: false,
    seq: 0,
  });

describe('dividing a room', () => {
  it('creates a room for each group and sends people there, in the role they have', async () => {
    const { app, host, roomId } = meeting;
    const [ada, bob, guest] = [
      await meeting.join(),
      await meeting.join({ role: 'moderator' }),
      await meeting.guest(),
    ];
    const made = await open({
      rooms: [{ name: 'Red', identities: identities(ada) }, { identities: identities(bob, guest) }],
      durationSeconds: 600,
    });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ roomId, assignment: 'manual', status: 'open', closedAt: null });
    expect(Date.parse(made.body.closesAt) - Date.parse(made.body.openedAt)).toBe(600_000);
    const [red, second] = groupsOf(made);
    expect([red!.name, second!.name]).toEqual(['Red', 'Meeting 2']);
    expect(second!.identities.toSorted()).toEqual(identities(bob, guest).toSorted());
    const child = await app.send('GET', `/api/v1/rooms/${red!.roomId}`, { token: host.token });
    expect(child.body).toMatchObject({ parentRoomId: roomId, locked: true, createdBy: host.userId });
    expect(meeting.commandsOf('breakouts.opened')).toMatchObject([
      {
        breakouts: {
          breakoutId: made.body.id,
          status: 'open',
          rooms: [{ name: 'Red' }, { name: 'Meeting 2' }],
        },
      },
    ]);
    expect(await enterByTicket(ada)).toMatchObject({ role: 'participant' });
    expect(await enterByTicket(bob)).toMatchObject({ role: 'moderator' });
    const came = await enterByTicket(guest);
    expect(came.guestTicket).toMatch(/^guest\./);
    expect(meeting.mediaParticipants(ada.callId).size).toBe(0);
    expect(movesFrom(roomId).get(ada.identity)!.toRoomId).toBe(red!.roomId);
    await app.drain();
    expect(app.log.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('names groups after the room, with whole characters of a long name', async () => {
    const { app, host, roomId } = meeting;
    const name = `${'a'.repeat(199)}😀 planning`;
    await app.send('PATCH', `/api/v1/rooms/${roomId}`, { token: host.token, body: { name } });
    await meeting.join({ person: host });
    const names = groupsOf(await open({ rooms: 2 })).map((group) => group.name);
    expect(names).toEqual([`${'a'.repeat(199)} 1`, `${'a'.repeat(199)} 2`]);
  });

  it('automatically leaves people with media alone where they are, because nothing shows them the way', async () => {
    const [ada, bob] = [await meeting.join(), await meeting.join()];
    await waitForParticipants(ada, bob);
    openSockets(ada);
    const made = await open({ rooms: 1, assignment: 'automatic' });
    expect(groupsOf(made)[0]!.identities).toEqual([ada.identity]);
    expect(meeting.mediaParticipants(bob.callId).has(bob.identity)).toBe(true);
  });

  it('automatically distributes everybody all the same when the live room does not answer', async () => {
    const ada = await meeting.join();
    await waitForParticipants(ada);
    meeting.app.liveRooms.failNext(1);
    const made = await open({ rooms: 1, assignment: 'automatic' });
    expect(groupsOf(made)[0]!.identities).toEqual([ada.identity]);
  });

  it('automatically distributes everybody in the call evenly, except moderators', async () => {
    const people = [];
    for (let at = 0; at < 7; at++) people.push(await meeting.join());
    const moderator = await meeting.join({ role: 'moderator' });
    const gone = await meeting.join({ connect: false });
    await waitForParticipants(...people, moderator);
    openSockets(...people, moderator);
    const made = await open({ rooms: 3, assignment: 'automatic' });
    const groups = groupsOf(made);
    expect(groups.map((group) => group.identities.length).toSorted((a, b) => a - b)).toEqual([2, 2, 3]);
    expect(groups.flatMap((group) => group.identities).toSorted()).toEqual(identities(...people).toSorted());
    expect(identities(moderator, gone).some((identity) => movesFrom(meeting.roomId).has(identity))).toBe(
      false,
    );
  });

  it('admits only the people who were sent to a group, and moderators', async () => {
    const { app, host } = meeting;
    const moderator = await meeting.join({ role: 'moderator' });
    const ada = await meeting.join();
    const [group] = groupsOf(await open({ rooms: 1 }));
    const token = (person: { token: string }) =>
      app.send('POST', `/api/v1/rooms/${group!.roomId}/token`, { token: person.token, body: {} });
    expect((await token(ada)).body.code).toBe('rooms.locked');
    expect(await token(moderator)).toMatchObject({ status: 200, body: { role: 'moderator' } });
    expect(await token(host)).toMatchObject({ status: 200, body: { role: 'host' } });
  });

  describe('refuses in the groups everybody who was removed from the room', () => {
    const token = (roomId: string, person: { token: string }) =>
      meeting.app.send('POST', `/api/v1/rooms/${roomId}/token`, { token: person.token, body: {} });
    const remove = ({ participantId }: Attendee) =>
      meeting.send('DELETE', `/participants/${participantId}`, meeting.host);

    it('a moderator, and a participant without a role of their own', async () => {
      const [moderator, ada] = [await meeting.join({ role: 'moderator' }), await meeting.join()];
      await waitForParticipants(moderator, ada);
      for (const person of [moderator, ada]) expect((await remove(person)).status).toBe(204);
      const named = await open({ rooms: [{ identities: identities(ada) }] });
      expect(named.body.code).toBe('breakouts.unknown_people');
      const made = await open({ rooms: 2, assignment: 'automatic' });
      expect(groupsOf(made).flatMap((group) => group.identities)).toEqual([]);
      for (const { roomId } of groupsOf(made))
        for (const person of [moderator, ada])
          expect(await token(roomId, person)).toMatchObject({ status: 403, body: { code: 'rooms.removed' } });
    });

    it('also if they are removed while the room is divided, until they are readmitted', async () => {
      const { app, host } = meeting;
      const moderator = await meeting.join({ role: 'moderator' });
      const [group] = groupsOf(await open({ rooms: [{}] }));
      const visit = await token(group!.roomId, moderator);
      app.liveKit.cluster.join(visit.body.callId, moderator.identity);
      await remove(moderator);
      await app.drain();
      expect(meeting.mediaParticipants(visit.body.callId).has(moderator.identity)).toBe(false);
      expect(meeting.commandsOf('participant.removed', group!.roomId)).toHaveLength(1);
      expect((await token(group!.roomId, moderator)).body.code).toBe('rooms.removed');
      await meeting.send('POST', `/participants/${moderator.participantId}/readmit`, host);
      await app.drain();
      expect(await token(group!.roomId, moderator)).toMatchObject({ body: { role: 'moderator' } });
    });
  });

  it('is for moderators, once at a time, and not for breakout rooms themselves', async () => {
    const ada = await meeting.join();
    expect((await open({ rooms: 2 }, ada)).body.code).toBe('moderation.not_moderator');
    const made = await open({ rooms: 2 });
    expect((await open({ rooms: 2 })).body.code).toBe('breakouts.already_open');
    const deeper = await meeting.app.send('POST', `/api/v1/rooms/${groupsOf(made)[0]!.roomId}/breakouts`, {
      token: meeting.host.token,
      body: { rooms: 2 },
    });
    expect(deeper.body.code).toBe('breakouts.nested');
  });

  it('twice at once opens one session', async () => {
    const both = await Promise.all([1, 2].map(() => open({ rooms: 2 })));
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409]);
    const rooms = await meeting.app.send('GET', '/api/v1/rooms?limit=100', { token: meeting.host.token });
    expect(rooms.body.data).toHaveLength(3);
  });

  it('again with the same idempotency key gives the same groups', async () => {
    const headers = { 'idempotency-key': crypto.randomUUID() };
    const send = () =>
      meeting.app.send('POST', `/api/v1/rooms/${meeting.roomId}/breakouts`, {
        token: meeting.host.token,
        body: { rooms: 2 },
        headers,
      });
    const [first, again] = [await send(), await send()];
    expect(again).toMatchObject({ status: 201, body: first.body });
  });

  it.each([
    ['no group', { rooms: 0 }],
    ['too many groups', { rooms: 51 }],
    ['somebody twice', { rooms: [{ identities: ['usr_a'] }, { identities: ['usr_a'] }] }],
    ['people for automatic assignment', { rooms: [{ identities: ['usr_a'] }], assignment: 'automatic' }],
    ['what is not an identity', { rooms: [{ identities: ["'; drop table breakouts; --"] }] }],
    ['a time that is too short', { rooms: 2, durationSeconds: 5 }],
  ])('refuses %s', async (_what, body) => {
    expect(await open(body)).toMatchObject({ status: 400, body: { code: 'request.invalid' } });
  });

  it('sends only people of the call', async () => {
    const other = await createMeeting({}, meeting.app);
    const outsider = await other.join();
    const refused = await open({ rooms: [{ identities: identities(outsider) }] });
    expect(refused).toMatchObject({ status: 422, body: { code: 'breakouts.unknown_people' } });
  });
});

describe('assigning people', () => {
  const assign = (breakoutId: string, groups: unknown, headers: Record<string, string> = {}) =>
    meeting.app.send('PUT', `/api/v1/rooms/${meeting.roomId}/breakouts/${breakoutId}/assignments`, {
      token: meeting.host.token,
      body: { groups },
      headers,
    });

  it('moves people whose group changes, from where they are, and no others', async () => {
    const [ada, bob, carl, dora] = [
      await meeting.join(),
      await meeting.join(),
      await meeting.join(),
      await meeting.join(),
    ];
    const made = await open({
      rooms: [{ identities: identities(ada, bob) }, { identities: identities(carl) }],
    });
    const [red, blue] = groupsOf(made).map(({ roomId }) => roomId);
    for (const person of [ada, bob, carl]) await enterByTicket(person);
    const before = meeting.app.liveRooms.appliedCommands.length;
    const answer = await assign(made.body.id, [
      { roomId: red, identities: identities(bob, dora) },
      { roomId: blue, identities: identities(ada) },
    ]);
    expect(answer.status).toBe(200);
    expect(groupsOf(answer).map((group) => group.identities.toSorted())).toEqual([
      identities(bob, dora).toSorted(),
      identities(ada),
    ]);
    const moved = meeting.app.liveRooms.appliedCommands
      .slice(before)
      .flatMap(({ roomId, command }) =>
        command.type === 'participant.moved' ? [[roomId, command.identity, command.toRoomId].join(' ')] : [],
      );
    expect(moved.toSorted()).toEqual(
      [
        [red, ada.identity, blue],
        [blue, carl.identity, meeting.roomId],
        [meeting.roomId, dora.identity, red],
      ]
        .map((way) => way.join(' '))
        .toSorted(),
    );
    expect(await enterByTicket(ada, red)).toMatchObject({ role: 'participant' });
    const back = await enterByTicket(carl, blue);
    expect(back.callId).toBe(carl.callId);
    const list = await meeting.send('GET', `/breakouts/${made.body.id}`, meeting.host);
    expect(list.body.rooms).toEqual(groupsOf(answer));
  });

  it('refuses a stale version, a room that is not a group, unknown people, and closed groups', async () => {
    const ada = await meeting.join();
    const made = await open({ rooms: 1 });
    const [group] = groupsOf(made);
    const etag = (await meeting.send('GET', `/breakouts/${made.body.id}`, meeting.host)).headers.get('etag')!;
    const groups = [{ roomId: group!.roomId, identities: identities(ada) }];
    expect((await assign(made.body.id, groups, { 'if-match': etag })).status).toBe(200);
    expect((await assign(made.body.id, groups, { 'if-match': etag })).status).toBe(412);
    const wrong = await assign(made.body.id, [{ roomId: meeting.roomId, identities: [] }]);
    expect(wrong).toMatchObject({ status: 400, body: { errors: [{ pointer: '/groups/0/roomId' }] } });
    const unknownPeople = [{ roomId: group!.roomId, identities: ['usr_nobody'] }];
    expect((await assign(made.body.id, unknownPeople)).body.code).toBe('breakouts.unknown_people');
    await meeting.send('POST', `/breakouts/${made.body.id}/recall`, meeting.host);
    expect((await assign(made.body.id, groups)).body.code).toBe('breakouts.closed');
  });
});

describe('choosing a group', () => {
  const choose = (person: { token: string }, breakoutId: string, roomId: string) =>
    meeting.send('POST', `/breakouts/${breakoutId}/join`, person, { roomId });

  it('is for everybody in the call, also guests, and can be repeated', async () => {
    const { app } = meeting;
    const [ada, guest] = [await meeting.join(), await meeting.guest()];
    const made = await open({ rooms: 2, assignment: 'self_chosen' });
    const [red, blue] = groupsOf(made).map(({ roomId }) => roomId);
    const chosen = await choose(guest, made.body.id, red!);
    expect(chosen).toMatchObject({ status: 200, body: { roomId: red } });
    const came = await app.send('POST', `/api/v1/rooms/${red}/enter`, {
      body: { ticket: chosen.body.ticket },
    });
    expect(came.status).toBe(200);
    await choose(ada, made.body.id, red!);
    await choose(ada, made.body.id, blue!);
    const now = await meeting.send('GET', `/breakouts/${made.body.id}`, meeting.host);
    expect(now.body.rooms.map((group: Group) => group.identities)).toEqual([
      identities(guest),
      identities(ada),
    ]);
    await app.drain();
    expect(meeting.commandsOf('breakouts.updated').at(-1)).toMatchObject({
      breakouts: { rooms: [{ identities: identities(guest) }, { identities: identities(ada) }] },
    });
  });

  it('by many at once assigns everybody', async () => {
    const people = [];
    for (let at = 0; at < 8; at++) people.push(await meeting.join());
    const made = await open({ rooms: 2, assignment: 'self_chosen' });
    const rooms = groupsOf(made).map(({ roomId }) => roomId);
    const answers = await Promise.all(
      people.map((person, at) => choose(person, made.body.id, rooms[at % 2]!)),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const now = await meeting.send('GET', `/breakouts/${made.body.id}`, meeting.host);
    expect(now.body.rooms.map((group: Group) => group.identities.length)).toEqual([4, 4]);
  });

  it('is refused to people who were removed from the group or from the room', async () => {
    const { app, host } = meeting;
    const [ada, bob] = [await meeting.join(), await meeting.join()];
    const made = await open({ rooms: 2, assignment: 'self_chosen' });
    const [red, blue] = groupsOf(made).map(({ roomId }) => roomId);
    const chosen = await choose(ada, made.body.id, red!);
    const came = await app.send('POST', `/api/v1/rooms/${red}/enter`, {
      body: { ticket: chosen.body.ticket },
    });
    const participant = `/api/v1/rooms/${red}/participants/${came.body.participantId}`;
    expect((await app.send('DELETE', participant, { token: host.token })).status).toBe(204);
    expect(await choose(ada, made.body.id, red!)).toMatchObject({
      status: 404,
      body: { code: 'moderation.participant_not_found' },
    });
    expect((await choose(ada, made.body.id, blue!)).status).toBe(200);
    await meeting.send('DELETE', `/participants/${bob.participantId}`, host);
    expect((await choose(bob, made.body.id, blue!)).body.code).toBe('moderation.participant_not_found');
  });

  it('is for open self-chosen groups, and for people in the call', async () => {
    const ada = await meeting.join();
    const made = await open({ rooms: 1 });
    const [group] = groupsOf(made);
    expect((await choose(ada, made.body.id, group!.roomId)).body.code).toBe('breakouts.not_self_chosen');
    await meeting.send('POST', `/breakouts/${made.body.id}/recall`, meeting.host);
    expect((await choose(ada, made.body.id, group!.roomId)).body.code).toBe('breakouts.closed');
    const chosen = await open({ rooms: 1, assignment: 'self_chosen' });
    const absentMember = await meeting.app.person({
      role: 'member',
      organizationId: meeting.host.organizationId,
    });
    const refused = await choose(absentMember, chosen.body.id, groupsOf(chosen)[0]!.roomId);
    expect(refused.body.code).toBe('moderation.participant_not_found');
    expect((await choose(ada, chosen.body.id, meeting.roomId)).body.code).toBe('breakouts.not_found');
    const frame = { breakoutId: chosen.body.id, roomId: groupsOf(chosen)[0]!.roomId };
    expect(await sendFrame(meeting.app, ada.ticket, 'breakouts.choose', frame)).toMatchObject({
      roomId: frame.roomId,
    });
  });
});

describe('recalling everybody', () => {
  const recall = (breakoutId: string, by: { token: string } = meeting.host) =>
    meeting.send('POST', `/breakouts/${breakoutId}/recall`, by);

  it('sends everybody back from where they are, also visitors, and ends the groups', async () => {
    const { app, host } = meeting;
    const [ada, guest, moderator] = [
      await meeting.join(),
      await meeting.guest(),
      await meeting.join({ role: 'moderator' }),
    ];
    const made = await open({ rooms: [{ identities: identities(ada, guest) }, {}] });
    const [red, blue] = groupsOf(made).map(({ roomId }) => roomId);
    const inRed = await enterByTicket(ada);
    await enterByTicket(guest);
    const visit = await app.send('POST', `/api/v1/rooms/${blue}/token`, { token: moderator.token, body: {} });
    app.liveKit.cluster.join(visit.body.callId, moderator.identity);
    const answer = await recall(made.body.id);
    expect(answer).toMatchObject({ status: 200, body: { status: 'closed' } });
    expect(answer.body.closedAt).not.toBeNull();
    expect(app.liveKit.cluster.rooms.has(inRed.callId)).toBe(false);
    expect(app.liveKit.cluster.rooms.has(visit.body.callId)).toBe(false);
    // People receive their ticket before the room ends.
    expect(app.liveRooms.commandTypesOf(red!).slice(-3)).toEqual([
      'participant.moved',
      'participant.moved',
      'room.ended',
    ]);
    expect(meeting.commandsOf('breakouts.closed')).toHaveLength(1);
    expect(await enterByTicket(ada, red)).toMatchObject({ callId: ada.callId, role: 'participant' });
    expect(await enterByTicket(guest, red)).toMatchObject({ callId: ada.callId, role: 'participant' });
    expect(await enterByTicket(moderator, blue)).toMatchObject({ role: 'moderator' });
    expect((await app.send('GET', `/api/v1/rooms/${red}`, { token: host.token })).body.status).toBe('ended');
    await app.drain();
    expect(app.log.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('again changes nothing, and is for moderators', async () => {
    const ada = await meeting.join();
    const made = await open({ rooms: 1 });
    expect((await recall(made.body.id, ada)).body.code).toBe('moderation.not_moderator');
    const first = await recall(made.body.id);
    const commandCount = meeting.app.liveRooms.appliedCommands.length;
    expect((await recall(made.body.id)).body).toEqual(first.body);
    expect(meeting.app.liveRooms.appliedCommands).toHaveLength(commandCount);
  });

  it('sends people back to a room that is locked and has a lobby', async () => {
    const ada = await meeting.join();
    await meeting.send('PATCH', '', meeting.host, { lobby: true, locked: true });
    const made = await open({ rooms: [{ identities: identities(ada) }] });
    const [red] = groupsOf(made);
    await enterByTicket(ada);
    await meeting.send('POST', '/end', meeting.host, { keepOpen: true }); // the room's own call is over
    await recall(made.body.id);
    const back = await enterByTicket(ada, red!.roomId);
    expect(back.callId).not.toBe(ada.callId);
  });

  it('also sends back people who are on their way to their group', async () => {
    const ada = await meeting.join();
    const made = await open({ rooms: [{ identities: identities(ada) }] });
    const [red] = groupsOf(made);
    await recall(made.body.id);
    expect(movesFrom(red!.roomId).get(ada.identity)).toMatchObject({ toRoomId: meeting.roomId });
    expect(await enterByTicket(ada, red!.roomId)).toMatchObject({ callId: ada.callId });
  });

  it('is done by the schedule once the duration is over', async () => {
    const { app } = meeting;
    const ada = await meeting.join();
    const made = await open({ rooms: [{ identities: identities(ada) }], durationSeconds: 60 });
    const [red] = groupsOf(made);
    await enterByTicket(ada);
    await recallDueBreakouts(app.services);
    expect(meeting.commandsOf('breakouts.closed')).toEqual([]);
    app.clock.advanceSeconds(60);
    await recallDueBreakouts(app.services);
    expect(meeting.commandsOf('breakouts.closed')).toMatchObject([{ by: null }]);
    expect(await enterByTicket(ada, red!.roomId)).toMatchObject({ role: 'participant' });
    expect(await recallDueBreakouts(app.services)).toEqual({ recalled: 0 });
  });

  it('is completed by its subscribers when neither live room nor cluster answers', async () => {
    const { app } = meeting;
    const ada = await meeting.join();
    const made = await open({ rooms: [{ identities: identities(ada) }] });
    const [red] = groupsOf(made);
    const { callId } = await enterByTicket(ada);
    await app.drain();
    const recover = misbehaveCluster(app, 'status=500');
    app.liveRooms.failNext(2);
    await recall(made.body.id);
    recover();
    expect(app.liveKit.cluster.rooms.has(callId)).toBe(true);
    await app.drain();
    expect(app.liveKit.cluster.rooms.has(callId)).toBe(false);
    expect(meeting.commandsOf('breakouts.closed')).toHaveLength(1);
    expect(app.liveRooms.commandTypesOf(red!.roomId)).toEqual(
      expect.arrayContaining(['participant.moved', 'room.ended']),
    );
  });

  it('when the room ends, its groups end and no person is sent back', async () => {
    const { app, host } = meeting;
    const ada = await meeting.join();
    const made = await open({ rooms: [{ identities: identities(ada) }] });
    const [red] = groupsOf(made);
    const { callId } = await enterByTicket(ada);
    await meeting.send('POST', '/end', host, {});
    await app.drain();
    expect(app.liveKit.cluster.rooms.has(callId)).toBe(false);
    expect(meeting.commandsOf('participant.moved', red!.roomId)).toEqual([]);
    expect((await app.send('GET', `/api/v1/rooms/${red!.roomId}`, { token: host.token })).body.status).toBe(
      'ended',
    );
    const list = await meeting.send('GET', '/breakouts', host);
    expect(list.body).toMatchObject({ data: [{ id: made.body.id, status: 'closed' }], nextCursor: null });
  });

  it('follows the deletion of the room', async () => {
    const { app, host } = meeting;
    const ada = await meeting.join();
    const made = await open({ rooms: [{ identities: identities(ada) }] });
    const { callId } = await enterByTicket(ada);
    await meeting.send('DELETE', '', host);
    await app.drain();
    expect(app.liveKit.cluster.rooms.has(callId)).toBe(false);
    expect(groupsOf(made)).toHaveLength(1);
    expect(app.log.filter(({ level }) => level === 'error')).toEqual([]);
  });
});

it('the list has all sessions of a room, newest first', async () => {
  const ids: string[] = [];
  for (let at = 0; at < 3; at++) {
    const made = await open({ rooms: 1 });
    await meeting.send('POST', `/breakouts/${made.body.id}/recall`, meeting.host);
    ids.unshift(made.body.id);
    meeting.app.clock.advanceSeconds(1);
  }
  const first = await meeting.send('GET', '/breakouts?limit=2', meeting.host);
  const rest = await meeting.send('GET', `/breakouts?limit=2&cursor=${first.body.nextCursor}`, meeting.host);
  const seen = [...first.body.data, ...rest.body.data];
  expect(seen.map(({ id }: { id: string }) => id)).toEqual(ids);
  expect(seen.every(({ rooms }: { rooms: Group[] }) => rooms.length === 1)).toBe(true);
});
