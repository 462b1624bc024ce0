import { beforeEach, describe, expect, it } from 'vitest';
import { ownerSql } from '../../contract/sql.ts';
import { sendFrame } from '../../support/send-frame.ts';
import { type Attendee, createMeeting, type Meeting } from '../../support/meeting.ts';
import { changeCallParticipant } from '../../support/calls.ts';

let meeting: Meeting;

beforeEach(async () => {
  meeting = await createMeeting();
});

/** Gives a member another role in the organization, as its owner. */
async function changeMemberRole(userId: string, role: string): Promise<void> {
  const { app, host } = meeting;
  const members = `/api/v1/organizations/${host.organizationId}/members`;
  const { body } = await app.send('GET', `${members}?limit=100`, { token: host.token });
  const { id } = body.data.find((each: { userId: string }) => each.userId === userId);
  const changed = await app.send('PATCH', `${members}/${id}`, { token: host.token, body: { role } });
  expect(changed.status).toBe(200);
}

/** Somebody who joins the room in the role that follows from their role in the organization. */
async function joinWithRole(role: 'admin' | 'member'): Promise<Attendee> {
  const { app, host } = meeting;
  return meeting.join({ person: await app.person({ role, organizationId: host.organizationId }) });
}

const roleCommands = () =>
  meeting.commandsOf('participant.role').map(({ identity, role }) => ({ identity, role }));
const seatOf = async ({ participantId }: Attendee) =>
  (await ownerSql('select role from call_participants where id = $1', [participantId]))[0];

describe('an administrator who becomes a member', () => {
  it('gets the role of members in their socket, their seat and at the cluster', async () => {
    const eve = await joinWithRole('admin');
    await changeMemberRole(eve.identity, 'member');
    await meeting.app.drain();
    const command = { identity: eve.identity, role: 'participant' };
    expect(roleCommands().length).toBeGreaterThan(0);
    for (const each of roleCommands()) expect(each).toEqual(command);
    expect(await seatOf(eve)).toEqual({ role: 'participant' });
    expect(meeting.mediaParticipants(eve.callId).get(eve.identity)).toMatchObject({ role: 'participant' });
  });

  it.each([
    ['moderation.lower_hands', { participantId: null }, 'moderation.not_moderator'],
    ['room.lock', { locked: true }, 'moderation.not_moderator'],
    ['poll.open', { question: 'Tea?', options: ['Yes', 'No'] }, 'moderation.not_moderator'],
    ['lobby.admit_all', {}, 'lobby.not_moderator'],
  ])(
    'can no longer send %s, whatever role their ticket and the live room still give them',
    async (type, fields, code) => {
      const eve = await joinWithRole('admin');
      await sendFrame(meeting.app, eve.ticket, type, fields, { role: 'host' });
      await changeMemberRole(eve.identity, 'member');
      await expect(sendFrame(meeting.app, eve.ticket, type, fields, { role: 'host' })).rejects.toMatchObject({
        code,
      });
    },
  );

  it('gets it in every room, also where only a socket is left', async () => {
    const { app, host, send } = meeting;
    const eve = await joinWithRole('admin');
    const person = { token: eve.token };
    const other = await createMeeting({}, app);
    const made = await app.send('POST', '/api/v1/rooms', { token: host.token, body: { name: 'Second' } });
    const second = made.body.id as string;
    expect((await app.send('POST', `/api/v1/rooms/${second}/token`, { ...person, body: {} })).status).toBe(
      200,
    );
    await send('POST', '/end', host, { keepOpen: true });
    await changeMemberRole(eve.identity, 'member');
    await app.drain();
    for (const roomId of [meeting.roomId, second])
      expect(meeting.commandsOf('participant.role', roomId)[0]).toMatchObject({ role: 'participant' });
    expect(meeting.commandsOf('participant.role', other.roomId)).toEqual([]);
  });

  it('gets it although the live room could not be reached at first', async () => {
    const eve = await joinWithRole('admin');
    await meeting.app.drain();
    meeting.app.liveRooms.failNext(1);
    await changeMemberRole(eve.identity, 'member');
    await meeting.app.drain();
    meeting.app.clock.advanceSeconds(60);
    await meeting.app.drain();
    expect(roleCommands()).toContainEqual({ identity: eve.identity, role: 'participant' });
  });

  it('gets it again when they took a seat at the moment of the change', async () => {
    const eve = await joinWithRole('admin');
    await changeMemberRole(eve.identity, 'member');
    await meeting.app.drain();
    // An admission that read the old role and committed after the change.
    await changeCallParticipant(meeting.app, eve.participantId, { role: 'host' });
    meeting.app.clock.advanceSeconds(meeting.app.services.config.ACCESS_TOKEN_SECONDS + 11);
    await meeting.app.drain();
    expect(await seatOf(eve)).toEqual({ role: 'participant' });
    expect(roleCommands().at(-1)).toEqual({ identity: eve.identity, role: 'participant' });
  });

  it('keeps a role they were given in a room, and stays host of a room they created', async () => {
    const { app, host } = meeting;
    const person = await app.person({ role: 'admin', organizationId: host.organizationId });
    const eve = await meeting.join({ person, role: 'moderator' });
    const made = await app.send('POST', '/api/v1/rooms', { token: person.token, body: { name: 'Own' } });
    const own = await app.send('POST', `/api/v1/rooms/${made.body.id}/token`, {
      token: person.token,
      body: {},
    });
    const before = roleCommands().length;
    await changeMemberRole(eve.identity, 'member');
    await app.drain();
    expect(
      roleCommands()
        .slice(before)
        .every(({ role }) => role === 'moderator'),
    ).toBe(true);
    expect(meeting.commandsOf('participant.role', made.body.id)).toMatchObject([{ role: 'host' }]);
    await sendFrame(app, eve.ticket, 'room.lock', { locked: true }, { role: 'moderator' });
    await sendFrame(app, own.body.realtime.ticket, 'room.lock', { locked: true });
  });
});

describe('a member who becomes an administrator', () => {
  it('becomes host of the room they are in, unless they joined in a lower role than members have', async () => {
    meeting = await createMeeting();
    const [eve, ada] = [await joinWithRole('member'), await joinWithRole('member')];
    expect((await meeting.send('POST', '/token', ada, { role: 'viewer' })).status).toBe(200);
    for (const { identity } of [eve, ada]) await changeMemberRole(identity, 'admin');
    await meeting.app.drain();
    expect(await seatOf(eve)).toEqual({ role: 'host' });
    expect(meeting.mediaParticipants(eve.callId).get(eve.identity)).toMatchObject({ role: 'host' });
    expect(await seatOf(ada)).toEqual({ role: 'viewer' });
    expect(new Set(roleCommands().map(({ role }) => role))).toEqual(new Set(['host', 'viewer']));
  });
});
