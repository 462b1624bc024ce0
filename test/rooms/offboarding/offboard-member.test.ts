import { describe, expect, it } from 'vitest';
import { ownerSql } from '../../contract/sql.ts';
import { createMeeting, type Meeting } from '../../support/meeting.ts';

/** Removes or suspends a member, as the owner of the organization. */
async function endMembership({ app, host }: Meeting, userId: string, change: 'removed' | 'suspended') {
  const members = `/api/v1/organizations/${host.organizationId}/members`;
  const { body } = await app.send('GET', `${members}?limit=100`, { token: host.token });
  const { id } = body.data.find((each: { userId: string }) => each.userId === userId);
  const response =
    change === 'removed'
      ? await app.send('DELETE', `${members}/${id}`, { token: host.token })
      : await app.send('PATCH', `${members}/${id}`, { token: host.token, body: { status: 'suspended' } });
  expect(response.status).toBeLessThan(300);
  return `${members}/${id}`;
}

describe('a member who leaves the organization', () => {
  it.each(['removed', 'suspended'] as const)('is disconnected from their rooms: %s', async (change) => {
    const meeting = await createMeeting();
    const [eve, bob] = [await meeting.join({ role: 'moderator' }), await meeting.join()];
    await meeting.app.drain();
    await endMembership(meeting, eve.identity, change);
    await meeting.app.drain();
    expect(meeting.commandsOf('participant.removed').map(({ identity }) => identity)).toEqual([eve.identity]);
    expect([...meeting.mediaParticipants(eve.callId).keys()]).toEqual([bob.identity]);
  });

  it('is disconnected again after they came back with a media token from before', async () => {
    const meeting = await createMeeting();
    const eve = await meeting.join();
    await endMembership(meeting, eve.identity, 'removed');
    await meeting.app.drain();
    expect((await meeting.send('POST', '/token', eve, {})).status).toBe(401);
    meeting.app.liveKit.cluster.join(eve.callId, eve.identity, { name: 'Eve' });
    meeting.app.clock.advanceSeconds(meeting.app.services.config.ACCESS_TOKEN_SECONDS + 11);
    await meeting.app.drain();
    expect(meeting.commandsOf('participant.removed')).toHaveLength(2);
    expect(meeting.mediaParticipants(eve.callId).size).toBe(0);
  });

  it('is scheduled to be disconnected again once, however often the live room fails', async () => {
    const meeting = await createMeeting();
    const eve = await meeting.join();
    await meeting.app.drain();
    meeting.app.liveRooms.failNext(3);
    await endMembership(meeting, eve.identity, 'removed');
    for (let attempt = 0; attempt < 4; attempt++) {
      await meeting.app.drain();
      meeting.app.clock.advanceSeconds(60);
    }
    expect(meeting.commandsOf('participant.removed').map(({ identity }) => identity)).toEqual([eve.identity]);
    const scheduled = `select id from outbox where organization_id = $1 and type = 'member.gone'`;
    expect(await ownerSql(scheduled, [meeting.host.organizationId])).toHaveLength(1);
  });

  it('stays connected when they are a member again before the event is delivered', async () => {
    const meeting = await createMeeting();
    const eve = await meeting.join();
    const member = await endMembership(meeting, eve.identity, 'suspended');
    const body = { status: 'active' };
    expect((await meeting.app.send('PATCH', member, { token: meeting.host.token, body })).status).toBe(200);
    await meeting.app.drain();
    expect(meeting.commandsOf('participant.removed')).toEqual([]);
    expect(meeting.mediaParticipants(eve.callId).size).toBe(1);
  });
});
