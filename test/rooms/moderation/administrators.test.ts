import { beforeEach, describe, expect, it } from 'vitest';
import { signAccessToken } from '../../../src/identity/access/index.ts';
import { ownerSql } from '../../contract/sql.ts';
import type { Person } from '../../support/app.ts';
import { type Attendee, createMeeting, type Meeting } from '../../support/meeting.ts';

let meeting: Meeting;
/** The owner of the organization, in the call. */
let owner: Attendee;
/** Came by a link that makes hosts. */
let guest: Attendee;

beforeEach(async () => {
  meeting = await createMeeting();
  owner = await meeting.join({ person: meeting.host });
  guest = await meeting.guest({ role: 'host' });
});

const remove = ({ participantId }: Attendee, by: { token: string }) =>
  meeting.send('DELETE', `/participants/${participantId}`, by);
const giveRole = ({ participantId }: Attendee, role: string, by: { token: string }) =>
  meeting.send('PATCH', `/participants/${participantId}`, by, { role });
const join = (by: { token: string }) => meeting.send('POST', '/token', by, {});
const refused = { status: 403, body: { code: 'moderation.administrator' } };

/** An administrator in the call, besides the owner. */
async function joinAdministrator(): Promise<{ person: Person; attendee: Attendee }> {
  const person = await meeting.app.person({ role: 'admin', organizationId: meeting.host.organizationId });
  return { person, attendee: await meeting.join({ person }) };
}
const setOrganizationRole = ({ userId }: { userId: string }, role: string) =>
  ownerSql('update members set role = $1 where user_id = $2', [role, userId]);
/** A token of the person with the role they have now, as refreshing their session gives it. */
async function refreshToken(person: Person, role: Person['role']): Promise<{ token: string }> {
  const { userId, sessionId, organizationId } = person;
  const membership = { organizationId, role, plan: 'free' };
  return {
    token: await signAccessToken(meeting.app.services.signer, { userId, sessionId, membership }, 300),
  };
}

describe('an administrator in a room of their organization', () => {
  it('is neither removed nor given a lower role by a guest who is host', async () => {
    expect(await remove(owner, guest)).toMatchObject(refused);
    for (const role of ['moderator', 'participant', 'viewer'])
      expect(await giveRole(owner, role, guest)).toMatchObject(refused);
    expect(await join(owner)).toMatchObject({ status: 200, body: { role: 'host' } });
    expect((await meeting.send('POST', '/lock', owner)).status).toBe(200);
    expect((await remove(guest, owner)).status).toBe(204);
  });

  it('is neither removed nor given a lower role by a member who is host, but by another administrator', async () => {
    const member = await meeting.join({ role: 'host' });
    const { person, attendee } = await joinAdministrator();
    expect(await remove(attendee, member)).toMatchObject(refused);
    expect(await giveRole(attendee, 'viewer', member)).toMatchObject(refused);
    expect(await giveRole(attendee, 'moderator', owner)).toMatchObject({ status: 200 });
    expect((await remove(attendee, owner)).status).toBe(204);
    expect((await join(person)).body.code).toBe('rooms.removed');
  });

  it('may be given a higher role by any host', async () => {
    const { attendee } = await joinAdministrator();
    await giveRole(attendee, 'viewer', owner);
    expect(await giveRole(attendee, 'moderator', guest)).toMatchObject({ status: 200 });
  });

  it('is protected also when the link of the host has been revoked meanwhile', async () => {
    await ownerSql('update links set is_active = false where room_id = $1', [meeting.roomId]);
    expect(await remove(owner, guest)).toMatchObject(refused);
    expect((await remove(guest, owner)).status).toBe(204);
    expect((await join(guest)).body.code).toBe('rooms.removed');
  });

  it('is protected in breakout rooms, too', async () => {
    const { attendee } = await joinAdministrator();
    const made = await meeting.send('POST', '/breakouts', owner, {
      assignment: 'manual',
      rooms: [{ name: 'One', identities: [attendee.identity] }],
    });
    const groupPath = `/api/v1/rooms/${made.body.rooms[0].roomId}`;
    const { body: seat } = await meeting.app.send('POST', `${groupPath}/token`, {
      token: attendee.token,
      body: {},
    });
    const host = await meeting.join({ role: 'host' });
    await meeting.app.send('POST', `${groupPath}/token`, { token: host.token, body: {} });
    await ownerSql(
      `insert into room_people (organization_id, room_id, identity, user_id, role, changed_by, updated_at)
       select organization_id, $1, identity, user_id, 'host', identity, now() from room_people
       where room_id = $2 and identity = $3
       on conflict (room_id, identity) do update set role = 'host'`,
      [made.body.rooms[0].roomId, meeting.roomId, host.identity],
    );
    expect(
      await meeting.app.send('DELETE', `${groupPath}/participants/${seat.participantId}`, {
        token: host.token,
      }),
    ).toMatchObject(refused);
  });

  it('is protected no longer once they are a member', async () => {
    const { person, attendee } = await joinAdministrator();
    expect(await remove(attendee, guest)).toMatchObject(refused);
    await setOrganizationRole(person, 'member');
    expect((await remove(attendee, guest)).status).toBe(204);
    const token = await refreshToken(person, 'member');
    expect((await join(token)).body.code).toBe('rooms.removed');
    expect(
      (await meeting.send('POST', `/participants/${attendee.participantId}/readmit`, token)).body.code,
    ).toBe('moderation.not_moderator');
  });
});

describe('an administrator who was removed', () => {
  it('still moderates the room, and comes back by readmitting themselves', async () => {
    const person = await meeting.app.person({
      role: 'member',
      organizationId: meeting.host.organizationId,
    });
    const attendee = await meeting.join({ person });
    expect((await remove(attendee, guest)).status).toBe(204);
    await setOrganizationRole(person, 'admin');
    const administrator = await refreshToken(person, 'admin');
    expect((await join(administrator)).body.code).toBe('rooms.removed');
    for (const path of ['/lock', '/unlock'])
      expect((await meeting.send('POST', path, administrator)).status).toBe(200);
    const readmitted = await meeting.send(
      'POST',
      `/participants/${attendee.participantId}/readmit`,
      administrator,
    );
    expect(readmitted.status).toBe(204);
    expect(await join(administrator)).toMatchObject({ status: 200, body: { role: 'host' } });
    expect((await remove(guest, administrator)).status).toBe(204);
  });
});
