import { beforeEach, describe, expect, it } from 'vitest';
import { verifyRoomTicket } from '../../../src/realtime/protocol/index.ts';
import { sendFrame } from '../../support/send-frame.ts';
import { type Attendee, createMeeting, type Meeting } from '../../support/meeting.ts';

let meeting: Meeting;

beforeEach(async () => {
  meeting = await createMeeting();
});

const createApiKey = async (scopes: string[]) => {
  const { app, host } = meeting;
  const made = await app.send('POST', '/api/v1/api-keys', {
    token: host.token,
    body: { name: 'Key', scopes },
  });
  return { token: made.body.secret as string };
};

describe('a guest who is waiting in the lobby', () => {
  /** By a link that requires approval. */
  const waitByLink = async () => {
    const { app, host, roomId } = meeting;
    const body = { roomId, requireApproval: true };
    const link = await app.send('POST', '/api/v1/links', { token: host.token, body });
    const waiting = await app.send('POST', `/api/v1/links/${link.body.code}/join`, { body: { name: 'Eve' } });
    expect(waiting).toMatchObject({ status: 202, body: { status: 'waiting' } });
    return { token: waiting.body.guestTicket as string, entryId: waiting.body.lobbyEntryId as string };
  };

  it.each(['/messages', '/participants', '/polls', '/breakouts'])('reads nothing from %s', async (path) => {
    await meeting.join();
    const eve = await waitByLink();
    expect((await meeting.send('GET', path, eve)).status).toBe(403);
    await meeting.send('POST', `/lobby/${eve.entryId}/admit`, meeting.host);
    expect((await meeting.send('POST', '/token', eve, {})).status).toBe(200);
    expect((await meeting.send('GET', path, eve)).status).toBe(200);
  });

  it('does not see tags and metadata of the room', async () => {
    await meeting.send('PATCH', '', meeting.host, { metadata: { deal: 'secret' }, tags: ['churn-risk'] });
    expect((await meeting.send('GET', '', meeting.host)).body).toMatchObject({
      metadata: { deal: 'secret' },
      tags: ['churn-risk'],
    });
    expect((await meeting.send('GET', '', await waitByLink())).body).toMatchObject({
      metadata: {},
      tags: [],
    });
  });
});

describe('the chat of a room with a lobby or a lock', () => {
  it.each([{ lobby: true }, { locked: true }])(
    'is not for colleagues who were never in it: %o',
    async (shut) => {
      const { app, host } = meeting;
      const ada = await meeting.join();
      const colleague = await app.person({ role: 'member', organizationId: host.organizationId });
      expect((await meeting.send('GET', '/messages', colleague)).status).toBe(200);
      await meeting.send('PATCH', '', host, shut);
      expect(await meeting.send('GET', '/messages', colleague)).toMatchObject({
        status: 403,
        body: { code: 'chat.not_allowed' },
      });
      for (const reader of [ada, host, await createApiKey(['rooms:read'])])
        expect((await meeting.send('GET', '/messages', reader)).status).toBe(200);
    },
  );
});

describe('an API key that can join rooms and not manage them', () => {
  it.each(['host', 'moderator'])('cannot give anybody the role %s', async (role) => {
    const body = { identity: 'somebody', role };
    expect(
      await meeting.send('POST', '/token', await createApiKey(['rooms:join', 'rooms:observe']), body),
    ).toMatchObject({
      status: 403,
      body: { code: 'rooms.role_not_allowed' },
    });
    expect(
      (await meeting.send('POST', '/token', await createApiKey(['rooms:write']), body)).body,
    ).toMatchObject({
      role,
    });
  });

  it('can bring agents and observers', async () => {
    const key = await createApiKey(['rooms:join', 'rooms:observe']);
    for (const role of ['agent', 'observer', 'viewer'])
      expect((await meeting.send('POST', '/token', key, { identity: 'scribe', role })).body).toMatchObject({
        role,
      });
  });
});

describe('a socket', () => {
  it('moderates only as far as the stored role of its person allows, whatever its ticket says', async () => {
    const [mallory, bob] = [await meeting.join({ role: 'moderator' }), await meeting.join()];
    const ticket = (await meeting.send('POST', '/token', mallory, {})).body.realtime.ticket as string;
    const demote = { role: 'participant' };
    await meeting.send('PATCH', `/participants/${mallory.participantId}`, meeting.host, demote);
    const { participantId } = bob;
    for (const [type, fields] of [
      ['moderation.role', { participantId, role: 'viewer' }],
      ['moderation.remove', { participantId }],
      ['room.lock', { locked: true }],
      ['poll.open', { question: 'Why?', options: ['a', 'b'] }],
    ] as const)
      await expect(sendFrame(meeting.app, ticket, type, fields), type).rejects.toMatchObject({
        code: 'moderation.not_moderator',
      });
  });
});

describe('the return from a group', () => {
  const openBreakouts = async (...people: Attendee[]) => {
    const identities = people.map(({ identity }) => identity);
    const made = await meeting.send('POST', '/breakouts', meeting.host, { rooms: [{ identities }] });
    expect(made.status).toBe(201);
    return { breakoutId: made.body.id as string, groupId: made.body.rooms[0].roomId as string };
  };
  /** The ticket with which a person returns to the room; undefined when there is none. */
  const returnTicket = async (breakoutId: string, groupId: string, { identity }: Attendee) => {
    expect((await meeting.send('POST', `/breakouts/${breakoutId}/recall`, meeting.host)).status).toBe(200);
    return meeting.commandsOf('participant.moved', groupId).find((command) => command.identity === identity)
      ?.ticket;
  };

  it('does not restore a role that was taken away meanwhile', async () => {
    const mallory = await meeting.join({ role: 'moderator' });
    const { breakoutId, groupId } = await openBreakouts(mallory);
    const demote = { role: 'participant' };
    await meeting.send('PATCH', `/participants/${mallory.participantId}`, meeting.host, demote);
    const ticket = await returnTicket(breakoutId, groupId, mallory);
    expect(await verifyRoomTicket(meeting.app.services.signer, ticket!)).toMatchObject({
      roomId: meeting.roomId,
      role: 'participant',
    });
  });

  it('is refused to people who were removed from the room meanwhile', async () => {
    const mallory = await meeting.join();
    const { breakoutId, groupId } = await openBreakouts(mallory);
    await meeting.send('DELETE', `/participants/${mallory.participantId}`, meeting.host);
    expect(await returnTicket(breakoutId, groupId, mallory)).toBeUndefined();
  });
});
