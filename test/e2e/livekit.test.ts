import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { findLiveKit } from '../../workers/local/livekit.ts';
import { describeCallers } from '../support/livekit/contract/callers.ts';
import { eventsOfACall, WEBHOOKS_FIXTURE } from '../support/livekit/contract/events.ts';
import { describePeople } from '../support/livekit/contract/people.ts';
import { describeRooms } from '../support/livekit/contract/rooms.ts';
import { newRoom } from '../support/livekit/contract/subject.ts';
import { requireMediaServer } from '../support/livekit/server.ts';
import { type ClosableSubject, joinToken, realSubject } from '../support/livekit/subjects.ts';
import { Participant } from './support/participants.ts';

let subject: ClosableSubject | undefined;
beforeAll(async () => {
  if (findLiveKit()) subject = await realSubject();
});
afterAll(() => subject?.close());

const real = (context: TestContext): ClosableSubject => {
  requireMediaServer(context);
  return subject!;
};

describe('LiveKit', () => {
  describeCallers(real);
  describeRooms(real);
  describePeople(real);

  it('tells of a call as recorded', async (context) => {
    const events = await eventsOfACall(real(context));
    await expect(`${JSON.stringify(events, null, 2)}\n`).toMatchFileSnapshot(WEBHOOKS_FIXTURE);
  });
});

describe('participants', () => {
  const enter = async ({ url, apiKey, apiSecret }: ClosableSubject, room: string, identity: string) =>
    Participant.join(url.replace('http', 'ws'), await joinToken({ apiKey, apiSecret }, room, identity));

  it('hear and see each other, through mute and goodbye', async (context) => {
    const media = real(context);
    const room = newRoom();
    const ada = await enter(media, room, 'usr_a');
    const ben = await enter(media, room, 'usr_b');
    const microphone = await ada.publish('audio');
    await ada.publish('video');
    const received = await ben.until(
      ({ tracks }) =>
        tracks.some(({ hertz }) => Math.abs(hertz - 440) < 15) &&
        tracks.some(({ width, changes }) => width === 320 && changes >= 15),
    );
    expect(received.bytes).toBeGreaterThan(2_000);
    expect(received.people).toEqual(['usr_a']);

    await ada.mute(microphone, true);
    await ben.until(({ tracks }) => tracks.find(({ kind }) => kind === 'audio')?.hertz === 0);
    await ada.mute(microphone, false);
    await ben.until(({ tracks }) => (tracks.find(({ kind }) => kind === 'audio')?.hertz ?? 0) > 400);
    await ada.say('hello', 'greeting');
    await ben.until(({ data }) => data.some(({ text, from }) => text === 'hello' && from === 'usr_a'));
    await ada.leave();
    await ben.until(({ people }) => people.length === 0);
    expect((await ben.received()).disconnected).toBeNull();
    await ben.leave();
  });
});
