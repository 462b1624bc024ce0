import { beforeEach, describe, expect, it } from 'vitest';
import type { Role } from '../../../src/identity/access/index.ts';
import type { Person } from '../../support/app.ts';
import { createMeeting, type Meeting } from '../../support/meeting.ts';
import { withFreshToken } from '../../support/tokens.ts';

let meeting: Meeting;
let eve: Person;
let members: string;

beforeEach(async () => {
  meeting = await createMeeting();
  const { organizationId } = meeting.host;
  members = `/api/v1/organizations/${organizationId}/members`;
  eve = await meeting.app.person({ role: 'admin', organizationId });
});

/** Gives Eve another role, and an access token for it. */
async function changeRole(role: Role): Promise<void> {
  await changeMember('PATCH', { role });
  eve = await withFreshToken(meeting.app, eve, role);
}

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
    await changeRole('member');
    expect((await meeting.send('POST', '/token', eve, {})).body).toMatchObject({ role: 'participant' });
    expect(await meeting.send('POST', '/token', eve, { role: 'host' })).toMatchObject({
      status: 403,
      body: { code: 'rooms.role_not_allowed' },
    });
  });

  it('waits in the lobby like them', async () => {
    await meeting.send('PATCH', '', meeting.host, { lobby: true });
    await changeRole('member');
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
    await changeRole('member');
    expect(await meeting.send(method, path, eve, body)).toMatchObject({ status: 403, body: { code } });
  });

  it('cannot create links, nor change those of others', async () => {
    const link = await createLink(meeting.host);
    await changeRole('member');
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
    await changeRole('admin');
    expect((await meeting.send('POST', '/token', eve, {})).body).toMatchObject({ role: 'host' });
  });
});

describe('an access token from before a change of the membership', () => {
  const OUTDATED = { status: 401, body: { code: 'auth.outdated_token' } };

  it('gives no access to a room', async () => {
    await changeMember('PATCH', { role: 'member' });
    expect(await meeting.send('POST', '/token', eve, {})).toMatchObject(OUTDATED);
    await changeMember('DELETE');
    expect(await meeting.send('POST', '/token', eve, {})).toMatchObject(OUTDATED);
  });

  it('does not join through a link as a member, though everybody may join through it as a guest', async () => {
    await changeMember('DELETE');
    const { code } = (await createLink(meeting.host)).body;
    const join = (path: string, options: { token?: string }) =>
      meeting.app.send('POST', `/api/v1/links/${code}/${path}`, { ...options, body: { name: 'Eve' } });
    expect(await join('join-as-member', { token: eve.token })).toMatchObject(OUTDATED);
    expect(await join('join', {})).toMatchObject({
      status: 200,
      body: { identity: expect.stringMatching(/^gst_/) },
    });
  });

  it('shows nothing of a room', async () => {
    await meeting.join();
    await changeMember('DELETE');
    for (const path of ['/participants', '/polls', '/messages'])
      expect(await meeting.send('GET', path, eve)).toMatchObject(OUTDATED);
  });

  it('manages nothing', async () => {
    await changeMember('DELETE');
    expect(await meeting.send('PATCH', '', eve, { name: 'Mine' })).toMatchObject(OUTDATED);
    expect(await createLink(eve)).toMatchObject(OUTDATED);
  });
});
