import { beforeEach, describe, expect, it } from 'vitest';
import { type Attendee, createMeeting, type Meeting } from '../../support/meeting.ts';

let meeting: Meeting;

beforeEach(async () => {
  meeting = await createMeeting({ lobby: true });
});

/** A member who had the role in the room and was removed from it. */
async function removedParticipant(role: string): Promise<Attendee> {
  await meeting.send('PATCH', '', meeting.host, { lobby: false });
  const someone = await meeting.join({ role });
  await meeting.send('PATCH', '', meeting.host, { lobby: true });
  const removal = await meeting.send('DELETE', `/participants/${someone.participantId}`, meeting.host);
  expect(removal.status).toBeLessThan(300);
  return someone;
}

const waitingEntryId = async () => {
  const { organizationId } = meeting.host;
  const person = await meeting.app.person({ role: 'member', organizationId });
  return (await meeting.send('POST', '/token', person, {})).body.lobbyEntryId as string;
};

describe('a moderator who was removed from a room', () => {
  it('neither sees nor decides its lobby', async () => {
    const moderator = await removedParticipant('moderator');
    const entryId = await waitingEntryId();
    for (const [method, path] of [
      ['GET', '/lobby'],
      ['POST', '/lobby/admit-all'],
      ['POST', '/lobby/deny-all'],
    ] as const)
      expect(await meeting.send(method, path, moderator)).toMatchObject({
        status: 403,
        body: { code: 'lobby.not_moderator' },
      });
    for (const [method, path] of [
      ['GET', `/lobby/${entryId}`],
      ['POST', `/lobby/${entryId}/admit`],
      ['POST', `/lobby/${entryId}/deny`],
    ] as const)
      expect(await meeting.send(method, path, moderator)).toMatchObject({
        status: 404,
        body: { code: 'lobby.not_found' },
      });
    expect((await meeting.send('GET', `/lobby/${entryId}`, meeting.host)).body.status).toBe('waiting');
  });
});

describe('a host who was removed from a room', () => {
  it('neither updates nor deletes it', async () => {
    const host = await removedParticipant('host');
    for (const [method, body] of [
      ['PATCH', { name: 'Mine' }],
      ['DELETE', undefined],
    ] as const)
      expect(await meeting.send(method, '', host, body)).toMatchObject({
        status: 403,
        body: { code: 'rooms.not_manager' },
      });
  });

  it('creates no links to it and sees none', async () => {
    const { app, roomId } = meeting;
    const host = await removedParticipant('host');
    const body = { roomId, defaultRole: 'host' };
    const own = await app.send('POST', '/api/v1/links', { token: meeting.host.token, body });
    expect(await app.send('POST', '/api/v1/links', { token: host.token, body })).toMatchObject({
      status: 403,
      body: { code: 'rooms.not_manager' },
    });
    expect(await app.send('GET', `/api/v1/links/${own.body.id}`, { token: host.token })).toMatchObject({
      status: 404,
    });
    expect(
      (await app.send('GET', `/api/v1/links?roomId=${roomId}`, { token: host.token })).body.data,
    ).toEqual([]);
  });

  it('is its host again once readmitted', async () => {
    const host = await removedParticipant('host');
    const back = await meeting.send('POST', `/participants/${host.participantId}/readmit`, meeting.host);
    expect(back.status).toBeLessThan(300);
    expect(await meeting.send('PATCH', '', host, { name: 'Ours' })).toMatchObject({ status: 200 });
  });
});
