import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { createClusters } from '../../src/calls/clusters/index.ts';
import { systemClock } from '../../src/kernel/core/index.ts';
import { findLiveKit } from '../../workers/local/livekit.ts';
import { describeCallers } from '../support/livekit/contract/callers.ts';
import { eventsOfACall, WEBHOOKS_FIXTURE } from '../support/livekit/contract/events.ts';
import { describePeople } from '../support/livekit/contract/participants.ts';
import { describeRooms } from '../support/livekit/contract/rooms.ts';
import { createRoomName } from '../support/livekit/contract/tested-media-server.ts';
import { requireMediaServer } from '../support/livekit/server.ts';
import {
  type ClosableMediaServer,
  createJoinToken,
  startRealServer,
} from '../support/livekit/tested-media-servers.ts';
import { Participant } from './support/participant.ts';

let subject: ClosableMediaServer | undefined;
beforeAll(async () => {
  if (findLiveKit()) subject = await startRealServer();
});
afterAll(() => subject?.close());

const requireSubject = (context: TestContext): ClosableMediaServer => {
  requireMediaServer(context);
  return subject!;
};

describe('LiveKit', () => {
  describeCallers(requireSubject);
  describeRooms(requireSubject);
  describePeople(requireSubject);

  it('reports a call as recorded', async (context) => {
    const events = await eventsOfACall(requireSubject(context));
    await expect(`${JSON.stringify(events, null, 2)}\n`).toMatchFileSnapshot(WEBHOOKS_FIXTURE);
  });
});

const joinRoom = async ({ url, apiKey, apiSecret }: ClosableMediaServer, room: string, identity: string) =>
  Participant.join(url.replace('http', 'ws'), await createJoinToken({ apiKey, apiSecret }, room, identity));

describe("the product's client", () => {
  it('lists participants, and accepts the removal of one who has left', async (context) => {
    const { apiKey, apiSecret, url, ...rest } = requireSubject(context);
    const cluster = { name: 'near', url, apiUrl: url, apiKey, apiSecret, continents: [] };
    const api = createClusters([cluster], systemClock).api('near');
    const room = createRoomName();
    const ada = await joinRoom({ apiKey, apiSecret, url, ...rest }, room, 'usr_a');
    const sid = await ada.publish('audio');
    await expect
      .poll(() => api.listParticipants(room))
      .toEqual([
        expect.objectContaining({
          sid: ada.sid,
          identity: 'usr_a',
          state: 'active',
          joinedAtMs: expect.closeTo(Date.now(), -4),
          tracks: [{ sid, kind: 'audio', source: 'microphone', muted: false }],
        }),
      ]);
    expect(await api.listRooms([room])).toEqual([expect.objectContaining({ name: room })]);
    expect(await api.muteTrack(room, 'usr_a', sid, true)).toBe(true);
    await api.sendData(room, Buffer.from('hello'), { topic: 't', identities: ['usr_a'] });
    await ada.waitUntil(({ data }) => data.some(({ text }) => text === 'hello'));
    expect(await api.removeParticipant(room, 'usr_a')).toBe(true);
    await ada.waitUntil(({ disconnected }) => disconnected === 'PARTICIPANT_REMOVED');

    const gone = await Promise.all([
      api.removeParticipant(room, 'usr_a'),
      api.muteTrack(room, 'usr_a', sid, true),
      api.updateParticipant(room, 'usr_a', { name: 'Nobody' }),
      api.sendData(`${room}x`, Buffer.from('hello'), {}),
    ]);
    expect(gone).toEqual([false, false, false, undefined]);
    expect(await api.deleteRoom(room)).toBe(true);
    expect(await api.deleteRoom(room)).toBe(false);
    expect(await api.listParticipants(room)).toEqual([]);
  });
});

describe('participants', () => {
  it('can hear and see each other, through mute and leaving', async (context) => {
    const media = requireSubject(context);
    const room = createRoomName();
    const ada = await joinRoom(media, room, 'usr_a');
    const ben = await joinRoom(media, room, 'usr_b');
    const microphone = await ada.publish('audio');
    await ada.publish('video');
    const received = await ben.waitUntil(
      ({ tracks }) =>
        tracks.some(({ hertz }) => Math.abs(hertz - 440) < 15) &&
        tracks.some(({ width, changes }) => width === 320 && changes >= 15),
    );
    expect(received.bytes).toBeGreaterThan(2_000);
    expect(received.people).toEqual(['usr_a']);

    await ada.mute(microphone, true);
    await ben.waitUntil(({ tracks }) => tracks.find(({ kind }) => kind === 'audio')?.hertz === 0);
    await ada.mute(microphone, false);
    await ben.waitUntil(({ tracks }) => (tracks.find(({ kind }) => kind === 'audio')?.hertz ?? 0) > 400);
    await ada.sendData('hello', 'greeting');
    await ben.waitUntil(({ data }) => data.some(({ text, from }) => text === 'hello' && from === 'usr_a'));
    await ada.leave();
    await ben.waitUntil(({ people }) => people.length === 0);
    expect((await ben.getReceivedMedia()).disconnected).toBeNull();
    await ben.leave();
  });
});
