import { beforeEach, describe, expect, it } from 'vitest';
import { appointSuccessors } from '../../../src/rooms/succession/appoint-successors.ts';
import { deliverAll, renewToken } from '../../calls/calls/support.ts';
import { type Attendee, createMeeting, type Meeting } from '../../support/meeting.ts';

let meeting: Meeting;
let host: Attendee;

const settle = () => deliverAll(meeting.app);
async function leave({ callId, identity }: Attendee): Promise<void> {
  meeting.app.liveKit.cluster.leave(callId, identity);
  await settle();
}
/** Time passes, and the scheduled task runs. */
async function pass(seconds: number): Promise<number> {
  meeting.app.clock.advanceSeconds(seconds);
  const { appointed, failed } = await appointSuccessors(meeting.app.services);
  expect(failed).toBe(0);
  await meeting.app.drain();
  return appointed;
}
async function fetchAsHost(path: string) {
  const { token } = await renewToken(meeting.app, meeting.host);
  return meeting.app.send('GET', path, { token });
}
async function roleOf({ callId, participantId }: Attendee): Promise<string> {
  const { body } = await fetchAsHost(`/api/v1/calls/${callId}/participants`);
  return body.data.find(({ id }: { id: string }) => id === participantId).role;
}

beforeEach(async () => {
  meeting = await createMeeting();
  host = await meeting.join({ person: meeting.host });
  await settle();
  meeting.app.clock.advanceSeconds(200);
});

describe('when the last moderator of a call has left', () => {
  it('the member who has been in it for longest becomes a moderator, in media, socket and audit log', async () => {
    const first = await meeting.join();
    await settle();
    meeting.app.clock.advanceSeconds(10);
    const second = await meeting.join();
    await settle();
    expect(await pass(200)).toBe(0);
    await leave(host);
    expect(await pass(59)).toBe(0);
    expect(await pass(2)).toBe(1);
    expect([await roleOf(first), await roleOf(second)]).toEqual(['moderator', 'participant']);
    expect(meeting.mediaParticipants(first.callId).get(first.identity)!.role).toBe('moderator');
    expect(meeting.commandsOf('participant.role').at(-1)).toMatchObject({
      identity: first.identity,
      role: 'moderator',
    });
    expect(meeting.commandsOf('notice')).toMatchObject([
      { code: 'call.moderator_appointed', to: [first.identity] },
    ]);
    const { body } = await fetchAsHost('/api/v1/audit/logs?limit=5&action=participant.role_changed');
    expect(body.data[0]).toMatchObject({ after: { role: 'moderator', reason: 'moderators_left' } });
    // The next one follows them.
    await leave(first);
    expect(await pass(200)).toBe(1);
    expect(await roleOf(second)).toBe('moderator');
  });

  it('nobody follows among guests, viewers, and people whom a moderator gave a role', async () => {
    await meeting.guest();
    await meeting.join({ role: 'viewer' });
    await meeting.join({ role: 'participant' });
    await settle();
    await leave(host);
    expect(await pass(300)).toBe(0);
  });

  it('nobody follows while the moderator reconnects, or joins again', async () => {
    await meeting.join();
    await settle();
    meeting.app.clock.advanceSeconds(200);
    await leave(host);
    meeting.app.clock.advanceSeconds(30);
    meeting.app.liveKit.cluster.join(host.callId, host.identity);
    await settle();
    expect(await pass(300)).toBe(0);
    await leave(host);
    meeting.app.clock.advanceSeconds(50);
    await meeting.send('POST', '/token', await renewToken(meeting.app, meeting.host), {});
    expect(await pass(60)).toBe(0);
    expect(await pass(80)).toBe(1);
  });

  it('the successor stays a moderator when the host is back, and has their own role in the next call', async () => {
    const person = await meeting.app.person({
      role: 'member',
      organizationId: meeting.host.organizationId,
    });
    const first = await meeting.join({ person });
    await settle();
    await leave(host);
    expect(await pass(200)).toBe(1);
    meeting.app.liveKit.cluster.join(host.callId, host.identity);
    await settle();
    expect(await roleOf(first)).toBe('moderator');
    const fresh = await renewToken(meeting.app, meeting.host);
    await meeting.send('POST', '/end', fresh, { keepOpen: true });
    await settle();
    const again = await meeting.send('POST', '/token', await renewToken(meeting.app, person), {});
    expect(again.body).toMatchObject({ status: 'admitted', role: 'participant' });
  });

  it('a moderator who was removed is followed, and never follows', async () => {
    const moderator = await meeting.join({ role: 'moderator' });
    const member = await meeting.join();
    await settle();
    await leave(host);
    const removed = await meeting.send(
      'DELETE',
      `/participants/${moderator.participantId}`,
      await renewToken(meeting.app, meeting.host),
    );
    expect(removed.status).toBe(204);
    await settle();
    expect(await pass(200)).toBe(1);
    expect(await roleOf(member)).toBe('moderator');
  });

  it('a host who joined in a lower role does not follow, and keeps their own role', async () => {
    const moderator = await meeting.join({ role: 'moderator' });
    const member = await meeting.join();
    await settle();
    await leave(host);
    const back = await renewToken(meeting.app, meeting.host);
    const lower = await meeting.send('POST', '/token', back, { role: 'participant' });
    expect(lower.body).toMatchObject({ role: 'participant' });
    meeting.app.liveKit.cluster.join(host.callId, host.identity);
    await settle();
    meeting.app.clock.advanceSeconds(200);
    await leave(moderator);
    expect(await pass(200)).toBe(1);
    expect([await roleOf(host), await roleOf(member)]).toEqual(['participant', 'moderator']);
    const again = await meeting.send('POST', '/token', await renewToken(meeting.app, meeting.host), {});
    expect(again.body).toMatchObject({ role: 'host' });
  });

  it('nobody follows in a call that never had a moderator', async () => {
    const { token } = await renewToken(meeting.app, meeting.host);
    await meeting.app.send('POST', `/api/v1/rooms/${meeting.roomId}/end`, {
      token,
      body: { keepOpen: true },
    });
    await settle();
    await meeting.join();
    await settle();
    expect(await pass(300)).toBe(0);
  });
});
