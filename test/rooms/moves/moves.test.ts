import { beforeEach, describe, expect, it } from 'vitest';
import { sweepMoves } from '../../../src/rooms/moves/index.ts';
import { signRoomTicket, verifyRoomTicket } from '../../../src/realtime/protocol/index.ts';
import { ownerSql } from '../../contract/sql.ts';
import { sendFrame } from '../../support/send-frame.ts';
import { reportClusterEvents } from '../../support/report-cluster-events.ts';
import { type Attendee, createMeeting, type Meeting, misbehaveCluster } from '../../support/meeting.ts';

let meeting: Meeting;
let toRoomId: string;

async function room(settings: Record<string, unknown> = {}): Promise<string> {
  const made = await meeting.app.send('POST', '/api/v1/rooms', {
    token: meeting.host.token,
    body: { name: 'Other', lobby: true, locked: true, ...settings },
  });
  expect(made).toMatchObject({ status: 201 });
  return made.body.id as string;
}

beforeEach(async () => {
  meeting = await createMeeting();
  toRoomId = await room();
});

const move = ({ participantId }: Attendee, to = toRoomId, by: { token: string } = meeting.host) =>
  meeting.send('POST', `/participants/${participantId}/move`, by, { toRoomId: to });
const enter = (ticket: string, to = toRoomId) =>
  meeting.app.send('POST', `/api/v1/rooms/${to}/enter`, { body: { ticket } });
const ticketOf = ({ identity }: Attendee): string =>
  meeting.commandsOf('participant.moved').findLast((command) => command.identity === identity)!.ticket!;

describe('moving a participant', () => {
  it('sends their socket a ticket that admits them past lock and lobby, and ends their old media then', async () => {
    const { app } = meeting;
    const ada = await meeting.join();
    const moved = await move(ada);
    expect(moved).toMatchObject({ status: 200, body: { identity: ada.identity, toRoomId } });
    // The media stay until the way is known.
    expect(meeting.mediaParticipants(ada.callId).size).toBe(1);
    expect(meeting.commandsOf('participant.moved')).toMatchObject([
      { identity: ada.identity, toRoomId, by: meeting.host.userId },
    ]);
    expect(await verifyRoomTicket(app.services.signer, ticketOf(ada))).toMatchObject({
      roomId: toRoomId,
      identity: ada.identity,
      role: 'participant',
      participantId: null,
    });
    const entered = await enter(ticketOf(ada));
    expect(entered).toMatchObject({
      status: 200,
      body: { status: 'admitted', identity: ada.identity, role: 'participant', guestTicket: null },
    });
    expect(entered.body.callId).not.toBe(ada.callId);
    expect(meeting.mediaParticipants(ada.callId).size).toBe(0);
    expect(meeting.commandsOf('participant.entered')).toMatchObject([{ identity: ada.identity, toRoomId }]);
    // Entering again while the move lasts gives the same seat.
    expect((await enter(ticketOf(ada))).body.participantId).toBe(entered.body.participantId);
    expect(
      (await app.send('POST', `/api/v1/rooms/${toRoomId}/token`, { token: ada.token, body: {} })).status,
    ).toBe(200);
  });

  it('gives a guest a ticket for the new room, as a participant at most and with the features of their link', async () => {
    const { app } = meeting;
    const guest = await meeting.guest({ role: 'moderator', link: { enableScreenShare: false } });
    await move(guest);
    const entered = await enter(ticketOf(guest));
    expect(entered).toMatchObject({ status: 200, body: { identity: guest.identity, role: 'participant' } });
    const { features } = await verifyRoomTicket(app.services.signer, entered.body.realtime.ticket);
    expect(features.screenShare).toBe(false);
    const { guestTicket } = entered.body as { guestTicket: string };
    const there = await app.send('GET', `/api/v1/rooms/${toRoomId}/participants`, { token: guestTicket });
    expect(there.status).toBe(200);
    expect((await app.send('POST', `/api/v1/rooms/${toRoomId}/unlock`, { token: guestTicket })).status).toBe(
      403,
    );
    expect(
      (await app.send('POST', `/api/v1/rooms/${toRoomId}/token`, { token: guestTicket, body: {} })).status,
    ).toBe(200);
  });

  it('works for a person without any credential, whom an API key speaks for', async () => {
    const { app, host, roomId } = meeting;
    const key = await app.send('POST', '/api/v1/api-keys', {
      token: host.token,
      body: { name: 'Key', scopes: ['rooms:write'] },
    });
    const seat = await app.send('POST', `/api/v1/rooms/${roomId}/token`, {
      token: key.body.secret,
      body: { identity: 'bob' },
    });
    const bob = { ...seat.body, token: '', ticket: '' } as Attendee;
    expect((await move(bob)).status).toBe(200);
    expect(await enter(ticketOf(bob))).toMatchObject({ status: 200, body: { identity: 'ext_bob' } });
  });

  it('is for moderators of both rooms', async () => {
    const { app, host } = meeting;
    const moderator = await meeting.join({ role: 'moderator' });
    const guest = await meeting.guest({ role: 'moderator' });
    const ada = await meeting.join();
    expect((await move(ada, toRoomId, moderator)).body.code).toBe('moderation.not_moderator');
    expect((await move(ada, toRoomId, guest)).body.code).toBe('rooms.not_found');
    expect((await move(moderator, toRoomId, ada)).body.code).toBe('moderation.not_moderator');
    const foreign = await createMeeting({}, app);
    expect((await move(ada, foreign.roomId)).body.code).toBe('rooms.not_found');
    expect((await move(ada, meeting.roomId)).body.code).toBe('moves.same_room');
    const own = await app.send('POST', '/api/v1/rooms', { token: moderator.token, body: { name: 'Own' } });
    expect((await move(ada, own.body.id, moderator)).status).toBe(200);
    expect(host).toBeTruthy();
  });

  it('by a frame needs a role in the other room as well', async () => {
    const moderator = await meeting.join({ role: 'moderator' });
    const ada = await meeting.join();
    const fields = { participantId: ada.participantId, toRoomId };
    await expect(
      sendFrame(meeting.app, moderator.ticket, 'moderation.move', fields, { role: 'moderator' }),
    ).rejects.toMatchObject({ code: 'moderation.not_moderator' });
  });

  it('is refused when the destination has ended or has removed them', async () => {
    const { app, host } = meeting;
    const ada = await meeting.join();
    await move(ada);
    const there = await enter(ticketOf(ada));
    await app.send('DELETE', `/api/v1/rooms/${toRoomId}/participants/${there.body.participantId}`, {
      token: host.token,
    });
    expect((await enter(ticketOf(ada))).body.code).toBe('rooms.removed');
    await meeting.send('POST', '/token', ada, {});
    expect(await move(ada)).toMatchObject({ status: 409, body: { code: 'moves.kept_out' } });
    const ended = await room();
    await app.send('POST', `/api/v1/rooms/${ended}/end`, { token: host.token, body: {} });
    expect((await move(ada, ended)).body.code).toBe('rooms.ended');
  });

  it('ends the old media after half a minute, except of people who have returned since', async () => {
    const { app } = meeting;
    const [ada, bob] = [await meeting.join(), await meeting.join()];
    await move(ada);
    await move(bob);
    app.clock.advanceSeconds(2);
    await meeting.send('POST', '/token', bob, {});
    for (const { callId, identity } of [ada, bob]) app.liveKit.cluster.join(callId, identity);
    await reportClusterEvents(app);
    expect(meeting.mediaParticipants(ada.callId).size).toBe(2);
    app.clock.advanceSeconds(30);
    await app.drain();
    expect([...meeting.mediaParticipants(ada.callId).keys()]).toEqual([bob.identity]);
  });

  it.each<[string, (ada: Attendee) => Promise<unknown>]>([
    ['they have entered the other room', (ada) => enter(ticketOf(ada))],
    ['half a minute has passed', async () => meeting.app.clock.advanceSeconds(30)],
  ])(
    'leaves no use to a token for the old media once %s, but to one from a new join',
    async (_what, follow) => {
      const { app } = meeting;
      const ada = await meeting.join({ connect: false });
      await move(ada);
      await follow(ada);
      for (let attempt = 0; attempt < 2; attempt++) {
        app.liveKit.cluster.join(ada.callId, ada.identity);
        await reportClusterEvents(app);
        expect(meeting.mediaParticipants(ada.callId).size).toBe(0);
      }
      app.clock.advanceSeconds(1);
      await meeting.send('POST', '/token', ada, {});
      app.liveKit.cluster.join(ada.callId, ada.identity);
      await reportClusterEvents(app);
      expect(meeting.mediaParticipants(ada.callId).size).toBe(1);
    },
  );

  it('a person who entered, came back and enters once more stays in the old room', async () => {
    const ada = await meeting.join();
    await move(ada);
    expect((await enter(ticketOf(ada))).status).toBe(200);
    meeting.app.clock.advanceSeconds(2);
    meeting.app.liveKit.cluster.join(ada.callId, ada.identity);
    expect((await enter(ticketOf(ada))).status).toBe(200);
    expect(meeting.mediaParticipants(ada.callId).size).toBe(1);
  });

  it('is completed by the subscriber', async () => {
    const { app } = meeting;
    const [ada, bob] = [await meeting.join(), await meeting.join()];
    const recover = misbehaveCluster(app, 'status=500');
    app.liveRooms.failNext(2);
    await move(ada);
    await move(bob);
    recover();
    expect(meeting.commandsOf('participant.moved')).toEqual([]);
    app.clock.advanceSeconds(2);
    await app.drain();
    expect(meeting.commandsOf('participant.moved').map(({ identity }) => identity)).toEqual([
      ada.identity,
      bob.identity,
    ]);
    expect((await enter(ticketOf(ada))).status).toBe(200);
  });
});

describe('entering a room', () => {
  it('needs the ticket of a move', async () => {
    const { app } = meeting;
    const ada = await meeting.join();
    expect((await enter(ada.ticket)).body.code).toBe('rooms.not_found');
    expect((await enter(ada.ticket, meeting.roomId)).body.code).toBe('moves.not_found');
    expect((await enter('nonsense')).body.code).toBe('auth.invalid_token');
    const claims = await verifyRoomTicket(app.services.signer, ada.ticket);
    const forged = await signRoomTicket(app.services.signer, { ...claims, roomId: toRoomId, role: 'host' });
    expect((await enter(forged)).body.code).toBe('moves.not_found');
    const foreign = await createMeeting();
    await move(ada);
    const elsewhere = await signRoomTicket(foreign.app.services.signer, { ...claims, roomId: toRoomId });
    expect((await enter(elsewhere)).body.code).toBe('auth.invalid_token');
  });

  it('gives a guest whose link was for one call a ticket to come back to the new room', async () => {
    const { callId } = await meeting.join();
    const guest = await meeting.guest({ link: { roomId: undefined, callId } });
    await move(guest);
    const entered = await enter(ticketOf(guest));
    expect(
      await meeting.app.send('POST', `/api/v1/rooms/${toRoomId}/token`, {
        token: entered.body.guestTicket,
        body: {},
      }),
    ).toMatchObject({ status: 200, body: { participantId: entered.body.participantId } });
  });

  it('is refused to former members', async () => {
    const { app, host } = meeting;
    const ada = await meeting.join();
    await move(ada);
    const members = `/api/v1/organizations/${host.organizationId}/members`;
    const { body: list } = await app.send('GET', `${members}?limit=100`, { token: host.token });
    const { id } = list.data.find(({ userId }: { userId: string }) => userId === ada.identity);
    expect((await app.send('DELETE', `${members}/${id}`, { token: host.token })).status).toBe(204);
    expect(await enter(ticketOf(ada))).toMatchObject({ status: 401, body: { code: 'auth.outdated_token' } });
  });

  it('is refused once the session has ended in which the person was moved', async () => {
    const { app } = meeting;
    const ada = await meeting.join();
    await move(ada);
    expect((await app.send('POST', '/api/v1/auth/logout', { token: ada.token })).status).toBe(204);
    expect(await enter(ticketOf(ada))).toMatchObject({ status: 401, body: { code: 'auth.invalid_token' } });
  });

  it('is possible for ten minutes after the move', async () => {
    const { app } = meeting;
    const ada = await meeting.join();
    await move(ada);
    app.clock.advanceSeconds(601);
    expect((await enter(ticketOf(ada))).body.code).toBe('auth.expired_token');
    const claims = await verifyRoomTicket(app.services.signer, ada.ticket).catch(() => undefined);
    expect(claims).toBeUndefined();
    app.clock.advanceSeconds(86_400);
    await sweepMoves(app.services);
    expect(await ownerSql('select 1 from room_moves where room_id = $1', [toRoomId])).toEqual([]);
  });

  it('is refused when the room is full', async () => {
    const [ada, bob, carl] = [await meeting.join(), await meeting.join(), await meeting.join()];
    const small = await room({ capacity: 2 });
    for (const person of [ada, bob, carl]) await move(person, small);
    const answers = [];
    for (const person of [ada, bob, carl]) answers.push(await enter(ticketOf(person), small));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 409]);
    expect(answers[2]!.body.code).toBe('rooms.full');
  });
});
