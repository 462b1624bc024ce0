import { beforeEach, describe, expect, it } from 'vitest';
import { type Attendee, createMeeting, type Meeting } from '../../support/meeting.ts';

let meeting: Meeting;

beforeEach(async () => {
  meeting = await createMeeting();
});

type Source = 'MICROPHONE' | 'CAMERA' | 'SCREEN_SHARE';
const publish = ({ callId, identity }: Attendee, source: Source = 'MICROPHONE') =>
  meeting.app.liveKit.cluster.publish(callId, identity, { source });
const isMuted = ({ callId, identity }: Attendee, sid: string) =>
  meeting
    .mediaParticipants(callId)
    .get(identity)!
    .tracks.find((track) => track.sid === sid)!.muted;
const mute = ({ participantId }: Attendee, body: unknown = {}, by: { token: string } = meeting.host) =>
  meeting.send('POST', `/participants/${participantId}/mute`, by, body);

describe('muting a participant', () => {
  it('mutes one track or all of them, and shows the moderator in the live room', async () => {
    const ada = await meeting.join();
    const [voice, face] = [publish(ada), publish(ada, 'CAMERA')];
    expect(await mute(ada, { trackSid: voice })).toMatchObject({
      status: 200,
      body: { muted: [{ participantId: ada.participantId, trackSid: voice }], failed: [] },
    });
    expect([isMuted(ada, voice), isMuted(ada, face)]).toEqual([true, false]);
    expect(meeting.commandsOf('media.muted')).toMatchObject([
      { identity: ada.identity, trackSid: voice, by: meeting.host.userId },
    ]);
    expect((await mute(ada)).body.muted).toEqual([{ participantId: ada.participantId, trackSid: face }]);
    expect((await mute(ada)).body).toEqual({ muted: [], failed: [], pending: [] });
  });

  it("refuses a track that has ended or is another's; muting twice changes nothing", async () => {
    const [ada, bob] = [await meeting.join(), await meeting.join()];
    const voice = publish(bob);
    for (const trackSid of [voice, 'TR_gone'])
      expect(await mute(ada, { trackSid })).toMatchObject({
        status: 404,
        body: { code: 'moderation.track_not_found' },
      });
    expect(isMuted(bob, voice)).toBe(false);
    await mute(bob, { trackSid: voice });
    const again = await mute(bob, { trackSid: voice });
    expect(again).toMatchObject({ status: 200, body: { muted: [], failed: [], pending: [] } });
    expect((await mute(ada, { trackSid: "TR_'; --" })).status).toBe(400);
  });

  it('needs an open call', async () => {
    const ada = await meeting.join();
    await meeting.send('POST', '/end', meeting.host, { keepOpen: true });
    expect(await mute(ada)).toMatchObject({ status: 409, body: { code: 'moderation.no_call' } });
  });
});

describe('muting all participants', () => {
  const muteAll = (by: { token: string }, body: unknown = {}) =>
    meeting.send('POST', '/participants/mute-all', by, body);
  const mutedBy = (body: { muted: { participantId: string }[] }) =>
    body.muted.map(({ participantId }) => participantId).toSorted();

  it('mutes microphones, except those of the caller and of excepted people, and hosts only for hosts', async () => {
    const host = await meeting.join({ person: meeting.host });
    const [moderator, ada, bob, guest] = [
      await meeting.join({ role: 'moderator' }),
      await meeting.join(),
      await meeting.join(),
      await meeting.guest(),
    ];
    for (const person of [host, moderator, ada, bob, guest]) publish(person);
    const face = publish(ada, 'CAMERA');
    const first = await muteAll(moderator, { except: [bob.participantId] });
    expect(mutedBy(first.body)).toEqual([ada.participantId, guest.participantId].toSorted());
    expect(isMuted(ada, face)).toBe(false);
    const second = await muteAll(host);
    expect(mutedBy(second.body)).toEqual([moderator.participantId, bob.participantId].toSorted());
    expect((await muteAll(host, { sources: ['camera'] })).body.muted).toEqual([
      { participantId: ada.participantId, trackSid: face },
    ]);
  });

  it('continues after a failure, and lists the tracks that were not muted', async () => {
    const people = [];
    for (let at = 0; at < 12; at++) people.push(await meeting.join());
    const voices = people.map((person) => publish(person));
    let calls = 0;
    const { fetch } = meeting.app.liveKit;
    Object.assign(meeting.app.liveKit, {
      fetch: (input: RequestInfo | URL, init?: RequestInit) => {
        const request = new Request(input, init);
        // The third track is refused permanently: it is not retried.
        if (request.url.endsWith('/MutePublishedTrack') && ++calls === 3)
          request.headers.set('x-behave', 'status=400');
        return fetch(request);
      },
    });
    const { status, body } = await muteAll(meeting.host);
    expect(status).toBe(200);
    expect(body.muted).toHaveLength(11);
    expect(body.failed).toEqual([{ participantId: people[2]!.participantId, trackSid: voices[2] }]);
  });
});
