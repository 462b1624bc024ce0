import { beforeEach, describe, expect, it } from 'vitest';
import { reportClusterEvents } from '../../support/report-cluster-events.ts';
import { createMeeting, type Meeting, misbehaveCluster } from '../../support/meeting.ts';

let meeting: Meeting;

beforeEach(async () => {
  meeting = await createMeeting();
});

const permissionOf = (callId: string, identity: string) =>
  meeting.app.liveKit.cluster.rooms.get(callId)!.participants.get(identity)!.permission!;
const changeRole = (participantId: string, role: string, by: { token: string } = meeting.host) =>
  meeting.send('PATCH', `/participants/${participantId}`, by, { role });

/** How often the cluster is asked for this from now on. */
function countRequests(method: string): () => number {
  const { liveKit } = meeting.app;
  const { fetch } = liveKit;
  let count = 0;
  Object.assign(liveKit, {
    fetch: (input: RequestInfo | URL, init?: RequestInit) => {
      const request = new Request(input, init);
      if (request.url.endsWith(`/${method}`)) count++;
      return fetch(request);
    },
  });
  return () => count;
}

describe('changing a role', () => {
  it('applies to media, socket, API and the next call', async () => {
    const { host, send, roomId, app } = meeting;
    const ada = await meeting.join();
    expect((await send('POST', '/lock', ada)).status).toBe(403);
    expect(await changeRole(ada.participantId, 'moderator')).toMatchObject({
      status: 200,
      body: { participantId: ada.participantId, identity: ada.identity, role: 'moderator' },
    });
    expect(meeting.mediaParticipants(ada.callId).get(ada.identity)!.role).toBe('moderator');
    expect(meeting.commandsOf('participant.role')).toMatchObject([
      { identity: ada.identity, role: 'moderator', by: host.userId },
    ]);
    expect((await send('POST', '/lock', ada)).status).toBe(200);
    await send('POST', '/end', host, { keepOpen: true });
    const again = await app.send('POST', `/api/v1/rooms/${roomId}/token`, { token: ada.token, body: {} });
    expect(again.body.role).toBe('moderator');
  });

  it('ends publishing for a viewer, and restores it for a participant', async () => {
    const ada = await meeting.join();
    meeting.app.liveKit.cluster.publish(ada.callId, ada.identity, { source: 'CAMERA' });
    await changeRole(ada.participantId, 'viewer');
    expect(permissionOf(ada.callId, ada.identity)).toMatchObject({ canPublish: false, canSubscribe: true });
    expect(meeting.mediaParticipants(ada.callId).get(ada.identity)!.tracks).toEqual([]);
    await changeRole(ada.participantId, 'participant');
    expect(permissionOf(ada.callId, ada.identity)).toMatchObject({ canPublish: true, canPublishData: true });
  });

  it('never gives a guest a feature that their link takes away', async () => {
    const SCREEN_SHARE = 3;
    const [free, bound] = [
      await meeting.guest(),
      await meeting.guest({ role: 'viewer', link: { enableScreenShare: false } }),
    ];
    for (const guest of [free, bound]) await changeRole(guest.participantId, 'moderator');
    expect(permissionOf(free.callId, free.identity).canPublishSources).toContain(SCREEN_SHARE);
    expect(permissionOf(bound.callId, bound.identity).canPublishSources).not.toContain(SCREEN_SHARE);
    expect(permissionOf(bound.callId, bound.identity).canPublish).toBe(true);
  });

  it('counts for somebody who connects later with a token from before, which is asked of the cluster only then', async () => {
    const { app } = meeting;
    const [ada, bob] = [await meeting.join({ connect: false }), await meeting.join({ connect: false })];
    app.clock.advanceSeconds(1);
    await changeRole(ada.participantId, 'viewer');
    await app.drain();
    const asked = countRequests('UpdateParticipant');
    for (const { callId, identity } of [ada, bob])
      app.liveKit.cluster.join(callId, identity, { attributes: { role: 'participant' } });
    await reportClusterEvents(app);
    expect(permissionOf(ada.callId, ada.identity)).toMatchObject({ canPublish: false, canSubscribe: true });
    expect(meeting.mediaParticipants(ada.callId).get(ada.identity)!.role).toBe('viewer');
    expect(permissionOf(bob.callId, bob.identity)).toMatchObject({ canPublish: true });
    expect(asked()).toBe(1);
  });

  it('is completed by the subscriber when the cluster does not answer at first', async () => {
    const ada = await meeting.join();
    const recover = misbehaveCluster(meeting.app, 'status=500');
    meeting.app.liveRooms.failNext(1);
    expect((await changeRole(ada.participantId, 'viewer')).status).toBe(200);
    recover();
    expect(permissionOf(ada.callId, ada.identity).canPublish).toBe(true);
    await meeting.app.drain();
    expect(permissionOf(ada.callId, ada.identity).canPublish).toBe(false);
    expect(meeting.commandsOf('participant.role')).toMatchObject([{ role: 'viewer' }]);
  });

  it('twice in a row ends with the later role, whatever the order of deliveries', async () => {
    const ada = await meeting.join();
    await changeRole(ada.participantId, 'viewer');
    await changeRole(ada.participantId, 'moderator');
    await meeting.app.drain();
    expect(meeting.mediaParticipants(ada.callId).get(ada.identity)!.role).toBe('moderator');
    expect(permissionOf(ada.callId, ada.identity).canPublish).toBe(true);
    expect(meeting.commandsOf('participant.role').at(-1)).toMatchObject({ role: 'moderator' });
  });

  it('is refused for agents and observers, and for roles that people do not have', async () => {
    const { app, host, roomId } = meeting;
    const made = await app.send('POST', '/api/v1/api-keys', {
      token: host.token,
      body: { name: 'Key', scopes: ['rooms:write'] },
    });
    const agent = await app.send('POST', `/api/v1/rooms/${roomId}/token`, {
      token: made.body.secret,
      body: { identity: 'scribe', role: 'agent' },
    });
    expect((await changeRole(agent.body.participantId, 'host')).body.code).toBe('moderation.role_fixed');
    const ada = await meeting.join();
    expect((await changeRole(ada.participantId, 'observer')).status).toBe(400);
  });

  it('needs an open call in which the participant has a seat', async () => {
    const ada = await meeting.join();
    await meeting.send('POST', '/end', meeting.host, { keepOpen: true });
    expect((await changeRole(ada.participantId, 'viewer')).body.code).toBe('moderation.no_call');
    await meeting.join();
    expect((await changeRole(ada.participantId, 'viewer')).body.code).toBe(
      'moderation.participant_not_found',
    );
  });
});

describe("a change of the room's features", () => {
  it('changes the grants of connected people whose grants differ, and of nobody else', async () => {
    const { app, host, roomId } = meeting;
    const SCREEN_SHARE = 3;
    const [ada, viewer] = [await meeting.join(), await meeting.join({ role: 'viewer' })];
    await app.send('PATCH', `/api/v1/rooms/${roomId}`, { token: host.token, body: { name: 'New' } });
    await app.drain();
    expect(permissionOf(ada.callId, ada.identity).canPublishSources).toContain(SCREEN_SHARE);
    const before = app.liveKit.calledMethods.length;
    await app.send('PATCH', `/api/v1/rooms/${roomId}`, {
      token: host.token,
      body: { features: { screenShare: false } },
    });
    await app.drain();
    expect(permissionOf(ada.callId, ada.identity).canPublishSources).not.toContain(SCREEN_SHARE);
    expect(permissionOf(viewer.callId, viewer.identity).canPublish).toBe(false);
    // The viewer's grants already match: only one of the two is changed.
    expect(app.liveKit.calledMethods.slice(before)).toEqual(['ListParticipants', 'UpdateParticipant']);
    expect(meeting.commandsOf('room.updated').at(-1)).toMatchObject({
      name: 'New',
      features: { screenShare: false },
    });
  });
});
