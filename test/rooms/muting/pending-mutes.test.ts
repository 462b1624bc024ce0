import { beforeEach, describe, expect, it } from 'vitest';
import { type Attendee, createMeeting, type Meeting, misbehaveCluster } from '../../support/meeting.ts';
import { deliverAll } from '../../calls/calls/support.ts';
import { withFreshToken } from '../../support/tokens.ts';

let meeting: Meeting;

beforeEach(async () => {
  meeting = await createMeeting();
});

const publish = ({ callId, identity }: Attendee, source: 'MICROPHONE' | 'SCREEN_SHARE' = 'MICROPHONE') =>
  meeting.app.liveKit.cluster.publish(callId, identity, { source });
const isMuted = ({ callId, identity }: Attendee, sid: string) =>
  meeting
    .mediaParticipants(callId)
    .get(identity)!
    .tracks.find((track) => track.sid === sid)!.muted;
const mute = ({ participantId }: Attendee, body: unknown = {}) =>
  meeting.send('POST', `/participants/${participantId}/mute`, meeting.host, body);
const muteAll = (body: unknown = {}) => meeting.send('POST', '/participants/mute-all', meeting.host, body);
const auditActions = async () => {
  const host = await withFreshToken(meeting.app, meeting.host, 'owner');
  const list = await meeting.app.send('GET', '/api/v1/audit/logs?limit=100', host);
  return list.body.data.map(({ action }: { action: string }) => action) as string[];
};
/** Lets the retries come due. */
async function retryLater(seconds: number): Promise<void> {
  meeting.app.clock.advanceSeconds(seconds);
  await meeting.app.drain();
}

describe('a mute that the media server does not answer', () => {
  it.each([
    ['is silent', 'hang', 'ListParticipants'],
    ['fails', 'status=500', 'ListParticipants'],
  ])(
    'is pending within three seconds while the server %s, and is applied once it answers',
    async (...row) => {
      const [, behaviour, method] = row;
      const ada = await meeting.join();
      const [voice, screen] = [publish(ada), publish(ada, 'SCREEN_SHARE')];
      const recover = misbehaveCluster(meeting.app, behaviour, [method]);
      const beganMs = performance.now();
      expect(await mute(ada, { trackSid: screen })).toMatchObject({
        status: 200,
        body: { muted: [], failed: [], pending: [{ participantId: ada.participantId, trackSid: screen }] },
      });
      expect(performance.now() - beganMs).toBeLessThan(10_000);
      expect(await auditActions()).toContain('participant.mute_requested');
      recover();
      await retryLater(10);
      expect([isMuted(ada, screen), isMuted(ada, voice)]).toEqual([true, false]);
      expect(meeting.commandsOf('media.muted')).toMatchObject([
        { identity: ada.identity, trackSid: screen, by: meeting.host.userId },
      ]);
      expect(await auditActions()).toContain('participant.muted');
    },
  );

  it('is pending for the tracks that were not muted in time, which are named as failed as well', async () => {
    const ada = await meeting.join();
    const voice = publish(ada);
    const recover = misbehaveCluster(meeting.app, 'status=500', ['MutePublishedTrack']);
    const track = { participantId: ada.participantId, trackSid: voice };
    expect((await mute(ada)).body).toEqual({ muted: [], failed: [track], pending: [track] });
    await meeting.app.drain();
    expect(isMuted(ada, voice)).toBe(false);
    recover();
    await retryLater(60);
    expect(isMuted(ada, voice)).toBe(true);
  });

  it('covers everybody of a mute of all but those who are spared, and the named sources only', async () => {
    const [ada, bob, eve] = [await meeting.join(), await meeting.join(), await meeting.join()];
    const [voice, spared, screen] = [publish(ada), publish(bob), publish(eve, 'SCREEN_SHARE')];
    const recover = misbehaveCluster(meeting.app, 'status=500', ['ListParticipants']);
    const { status, body } = await muteAll({ except: [bob.participantId] });
    expect(status).toBe(200);
    expect(body.pending).toEqual(
      expect.arrayContaining([
        { participantId: ada.participantId, trackSid: null },
        { participantId: eve.participantId, trackSid: null },
      ]),
    );
    expect(body.pending).toHaveLength(2);
    recover();
    await retryLater(10);
    expect([isMuted(ada, voice), isMuted(bob, spared), isMuted(eve, screen)]).toEqual([true, false, false]);
  });

  it('is dropped when ten minutes have passed', async () => {
    const ada = await meeting.join();
    const voice = publish(ada);
    const recover = misbehaveCluster(meeting.app, 'status=500', ['ListParticipants']);
    await mute(ada);
    await meeting.app.drain();
    recover();
    await retryLater(601);
    expect(isMuted(ada, voice)).toBe(false);
  });

  it('is dropped when its call is over: it does not mute the participant in the next one', async () => {
    const ada = await meeting.join();
    publish(ada);
    const recover = misbehaveCluster(meeting.app, 'status=500', ['ListParticipants']);
    await mute(ada);
    await meeting.app.drain();
    recover();
    await meeting.send('POST', '/end', meeting.host, { keepOpen: true });
    const again = await meeting.join();
    const voice = publish(again);
    await deliverAll(meeting.app);
    await retryLater(60);
    expect(isMuted(again, voice)).toBe(false);
  });

  it('is not kept when the media server refuses it', async () => {
    const ada = await meeting.join();
    publish(ada);
    const recover = misbehaveCluster(meeting.app, 'status=401', ['ListParticipants']);
    expect(await mute(ada)).toMatchObject({ status: 502, body: { code: 'clusters.refused' } });
    recover();
    expect(await auditActions()).not.toContain('participant.mute_requested');
  });
});
