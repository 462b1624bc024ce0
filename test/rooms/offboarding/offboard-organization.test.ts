import { beforeEach, describe, expect, it } from 'vitest';
import { ownerSql } from '../../contract/sql.ts';
import { sendFrame } from '../../support/send-frame.ts';
import { createMeeting, type Meeting } from '../../support/meeting.ts';
import { createCalls } from '../../support/calls.ts';

let meeting: Meeting;

beforeEach(async () => {
  meeting = await createMeeting();
});

async function deleteOrganization({ app, host }: Meeting): Promise<void> {
  const path = `/api/v1/organizations/${host.organizationId}`;
  expect((await app.send('DELETE', path, { token: host.token })).status).toBe(204);
}
const roomEndedCommands = (roomId?: string) => meeting.commandsOf('room.ended', roomId);
const createRoom = async (settings: Record<string, unknown> = {}): Promise<string> => {
  const { app, host } = meeting;
  const response = await app.send('POST', '/api/v1/rooms', {
    token: host.token,
    body: { name: 'Another', ...settings },
  });
  return response.body.id as string;
};

describe('the deletion of an organization', () => {
  it('ends its calls and closes its live rooms, and those of no other organization', async () => {
    const { app } = meeting;
    const [ada, guest] = [await meeting.join(), await meeting.guest()];
    const other = await createMeeting({}, app);
    const bob = await other.join();
    await deleteOrganization(meeting);
    await app.drain();
    expect([...app.liveKit.cluster.rooms.keys()]).toEqual([bob.callId]);
    expect(await ownerSql('select end_reason from calls where id = $1', [ada.callId])).toEqual([
      { end_reason: 'closed' },
    ]);
    expect(roomEndedCommands()).toMatchObject([{ reason: 'the organization was deleted', by: null }]);
    expect(roomEndedCommands(other.roomId)).toEqual([]);
    expect(guest.callId).toBe(ada.callId);
    expect(app.log.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('closes every room in which somebody may be connected: also waiting, or after its call', async () => {
    const { app, host } = meeting;
    const ada = await app.person({ role: 'member', organizationId: host.organizationId });
    await meeting.join({ person: ada });
    await meeting.send('POST', '/end', host, { keepOpen: true });
    const [lobby, unused] = [await createRoom({ lobby: true }), await createRoom()];
    const waiting = await app.send('POST', `/api/v1/rooms/${lobby}/token`, { token: ada.token, body: {} });
    expect(waiting.body.status).toBe('waiting');
    await deleteOrganization(meeting);
    await app.drain();
    for (const roomId of [meeting.roomId, lobby]) expect(roomEndedCommands(roomId)).toHaveLength(1);
    expect(roomEndedCommands(unused)).toEqual([]);
  });

  it('closes all of them, page by page', async () => {
    const { app, host } = meeting;
    await meeting.join();
    const rows = await ownerSql<{ id: string }>(
      `insert into rooms (id, organization_id, name, type, capacity, features, empty_timeout_seconds,
         departure_timeout_seconds, default_roles, tags, metadata, created_by, created_at, updated_at)
       select 'room_01kd3v7q8gf4kr2x6a' || right($2, 4) || lpad(n::text, 4, '0'), organization_id, name, type, capacity, features,
         empty_timeout_seconds, departure_timeout_seconds, default_roles, tags, metadata, created_by,
         created_at, updated_at
       from rooms, generate_series(1, 120) n where id = $1 returning id`,
      [meeting.roomId, host.organizationId],
    );
    const { organizationId } = host;
    await createCalls(
      app,
      rows.map(({ id: roomId }) => ({ organizationId, roomId, status: 'waiting' })),
    );
    await deleteOrganization(meeting);
    await app.drain();
    const open = await ownerSql(
      "select 1 from calls where organization_id = $1 and status in ('waiting', 'active')",
      [host.organizationId],
    );
    expect(open).toEqual([]);
    for (const { id } of rows) expect(roomEndedCommands(id)).toHaveLength(1);
  });

  it('ends joining at once: for members, guests, visitors and people in a call', async () => {
    const { app, host, roomId } = meeting;
    const [ada, guest] = [await meeting.join(), await meeting.guest()];
    const link = await app.send('POST', '/api/v1/links', { token: host.token, body: { roomId } });
    const fresh = await createRoom();
    await deleteOrganization(meeting);
    for (const person of [ada, guest]) {
      const response = await meeting.send('POST', '/token', person, {});
      expect(response).toMatchObject({ status: 401, body: { code: 'auth.outdated_token' } });
    }
    const other = await app.send('POST', `/api/v1/rooms/${fresh}/token`, { token: ada.token, body: {} });
    expect(other.status).toBe(401);
    const visit = await app.send('POST', `/api/v1/links/${link.body.code}/join`, { body: { name: 'Eve' } });
    expect(visit).toMatchObject({ status: 404, body: { code: 'links.not_found' } });
    await expect(
      sendFrame(app, ada.ticket, 'poll.vote', { pollId: 'pol_01jd3v7q8gf4kr2x6a0w9mznpe', choices: ['1'] }),
    ).rejects.toMatchObject({ code: 'auth.outdated_token' });
  });

  it("closes its members' inboxes, and again once no access token from before is valid", async () => {
    const { app, host } = meeting;
    const ada = await app.person({ role: 'member', organizationId: host.organizationId });
    const outsider = await app.person();
    const attached = [host, ada, outsider].map((person) => app.inboxes.attach(person));
    expect(attached).toHaveLength(3);
    const connected = async () =>
      Promise.all(
        [host, ada, outsider].map(async ({ organizationId, userId }) =>
          (await app.inboxes.connected(organizationId, [userId])).has(userId),
        ),
      );
    await deleteOrganization(meeting);
    await app.drain();
    expect(await connected()).toEqual([false, false, true]);
    app.inboxes.attach(ada);
    app.clock.advanceSeconds(app.services.config.ACCESS_TOKEN_SECONDS + 11);
    await app.drain();
    expect(await connected()).toEqual([false, false, true]);
  });

  it('deletes the state of all its live rooms, also of unused ones, once no ticket opens them', async () => {
    const { app, roomId } = meeting;
    const [other, unused, deleted] = [await createMeeting({}, app), await createRoom(), await createRoom()];
    await app.send('DELETE', `/api/v1/rooms/${deleted}`, { token: meeting.host.token });
    await deleteOrganization(meeting);
    await app.drain();
    app.clock.advanceSeconds(app.services.config.ACCESS_TOKEN_SECONDS + 11);
    await app.drain();
    const mine = () => app.liveRooms.forgottenRoomIds.filter((id) => id !== deleted);
    expect(mine()).toEqual([]);
    app.clock.advanceSeconds(601);
    await app.drain();
    expect(new Set(mine())).toEqual(new Set([roomId, unused]));
    expect(mine()).not.toContain(other.roomId);
  });

  it('closes them although a live room could not be reached at first', async () => {
    const { app } = meeting;
    const ada = await meeting.join();
    await app.drain();
    app.liveRooms.failNext(1);
    await deleteOrganization(meeting);
    await app.drain();
    app.clock.advanceSeconds(60);
    await app.drain();
    expect(roomEndedCommands().length).toBeGreaterThan(0);
    expect(app.liveKit.cluster.rooms.has(ada.callId)).toBe(false);
  });
});
