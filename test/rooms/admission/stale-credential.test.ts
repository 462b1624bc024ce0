import { beforeEach, describe, expect, it } from 'vitest';
import { createMeeting, type Meeting } from '../../support/meeting.ts';

/** An access token outlives a change of role by minutes: here the token is always from before the change. */
let meeting: Meeting;
let eve: { token: string; userId: string };
let members: string;

beforeEach(async () => {
  meeting = await createMeeting();
  const { organizationId } = meeting.host;
  members = `/api/v1/organizations/${organizationId}/members`;
  eve = await meeting.app.person({ role: 'admin', organizationId });
});

async function changeMember(method: 'PATCH' | 'DELETE', body?: Record<string, unknown>): Promise<void> {
  const { app, host } = meeting;
  const { body: list } = await app.send('GET', `${members}?limit=100`, { token: host.token });
  const { id } = list.data.find((each: { userId: string }) => each.userId === eve.userId);
  const changed = await app.send(method, `${members}/${id}`, {
    token: host.token,
    ...(body ? { body } : {}),
  });
  expect(changed.status).toBeLessThan(300);
}

const createLink = async (by: { token: string }) =>
  meeting.app.send('POST', '/api/v1/links', { token: by.token, body: { roomId: meeting.roomId } });

describe('an administrator who is made a member', () => {
  it('joins in the role of members', async () => {
    expect((await meeting.send('POST', '/token', eve, {})).body).toMatchObject({ role: 'host' });
    await changeMember('PATCH', { role: 'member' });
    expect((await meeting.send('POST', '/token', eve, {})).body).toMatchObject({ role: 'participant' });
    expect(await meeting.send('POST', '/token', eve, { role: 'host' })).toMatchObject({
      status: 403,
      body: { code: 'rooms.role_not_allowed' },
    });
  });

  it('waits in the lobby like them', async () => {
    await meeting.send('PATCH', '', meeting.host, { lobby: true });
    await changeMember('PATCH', { role: 'member' });
    expect(await meeting.send('POST', '/token', eve, {})).toMatchObject({ status: 202 });
  });

  it.each([
    ['PATCH', '', { name: 'Mine' }, 'rooms.not_manager'],
    ['DELETE', '', undefined, 'rooms.not_manager'],
    ['POST', '/end', {}, 'moderation.not_moderator'],
    ['POST', '/lock', { locked: true }, 'moderation.not_moderator'],
    ['POST', '/lobby/admit-all', undefined, 'lobby.not_moderator'],
  ])('is refused %s %s', async (method, path, body, code) => {
    await meeting.join();
    await changeMember('PATCH', { role: 'member' });
    expect(await meeting.send(method, path, eve, body)).toMatchObject({ status: 403, body: { code } });
  });

  it('cannot create links, nor change those of others', async () => {
    const link = await createLink(meeting.host);
    await changeMember('PATCH', { role: 'member' });
    expect(await createLink(eve)).toMatchObject({ status: 403, body: { code: 'rooms.not_manager' } });
    expect(
      await meeting.app.send('DELETE', `/api/v1/links/${link.body.id}`, { token: eve.token }),
    ).toMatchObject({ status: 404, body: { code: 'links.not_found' } });
  });
});

describe('a member who is made an administrator', () => {
  it('joins as one at once', async () => {
    const { organizationId } = meeting.host;
    eve = await meeting.app.person({ role: 'member', organizationId });
    await changeMember('PATCH', { role: 'admin' });
    expect((await meeting.send('POST', '/token', eve, {})).body).toMatchObject({ role: 'host' });
  });
});

describe('a former member', () => {
  beforeEach(() => changeMember('DELETE'));

  it('finds no room, and gets no token', async () => {
    expect(await meeting.send('POST', '/token', eve, {})).toMatchObject({
      status: 404,
      body: { code: 'rooms.not_found' },
    });
  });

  it('joins by a link as a guest, not as a member', async () => {
    const { code } = (await createLink(meeting.host)).body;
    const join = (path: string, options: { token?: string }) =>
      meeting.app.send('POST', `/api/v1/links/${code}/${path}`, { ...options, body: { name: 'Eve' } });
    expect(await join('join-as-member', { token: eve.token })).toMatchObject({
      status: 404,
      body: { code: 'links.not_found' },
    });
    expect(await join('join', {})).toMatchObject({
      status: 200,
      body: { identity: expect.stringMatching(/^gst_/) },
    });
  });

  it('sees nothing of the calls in them', async () => {
    await meeting.join();
    for (const path of ['/participants', '/polls'])
      expect((await meeting.send('GET', path, eve)).status, path).toBe(404);
    expect(await meeting.send('GET', '/messages', eve)).toMatchObject({
      status: 403,
      body: { code: 'chat.not_allowed' },
    });
  });

  it('manages nothing', async () => {
    expect((await meeting.send('PATCH', '', eve, { name: 'Mine' })).status).toBe(403);
    expect((await createLink(eve)).status).toBe(403);
  });
});
