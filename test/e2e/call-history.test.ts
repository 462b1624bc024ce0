import { afterEach, expect, it } from 'vitest';
import { requireMediaServer } from '../support/livekit/server.ts';
import { type JsonBody, Host } from './support/host.ts';
import { endAllParticipants } from './support/participant.ts';
import { api } from './support/product.ts';

const findByIdentity = (list: JsonBody, identity: string): JsonBody =>
  list.data.find((each: JsonBody) => each.identity === identity);

afterEach(endAllParticipants);

it('the history of a call with real media shows its participants, their times, and why it ended', async (context) => {
  requireMediaServer(context);
  const host = await Host.signUp(api);
  const service = await host.createService();
  const room = await host.createRoom({ departureTimeoutSeconds: 5 });
  const getCallPath = async () => `/calls/${(await host.callApi(`/rooms/${room.id}`)).callId}`;

  const admission = await host.requestAdmission(room.id);
  expect(admission).toMatchObject({ status: 'admitted', identity: host.userId, role: 'host' });
  const ada = await Host.connect(admission);
  const ben = await Host.connect(await service.requestAdmission(room.id, 'ben'));
  const tracks = [await ada.publish('audio'), await ada.publish('video')];
  tracks.push(await ben.publish('audio'), await ben.publish('video'));
  for (const each of [ada, ben])
    await each.waitUntil(({ tracks: seen }) => seen.length === 2 && seen.every(({ frames }) => frames > 10));

  const call = await getCallPath();
  await expect.poll(async () => (await host.callApi(`${call}/timeline`)).data.length).toBe(7);
  const timeline = (await host.callApi(`${call}/timeline`)).data;
  expect(new Set(timeline.map(({ known }: JsonBody) => known.how))).toEqual(new Set(['event']));
  expect(timeline.map(({ type }: JsonBody) => type).toSorted()).toEqual([
    'call.started',
    ...Array.from({ length: 2 }, () => 'participant.joined'),
    ...Array.from({ length: 4 }, () => 'track.published'),
  ]);
  expect(timeline.flatMap(({ trackSid }: JsonBody) => trackSid ?? []).toSorted()).toEqual(tracks.toSorted());
  expect(await host.callApi(call)).toMatchObject({ status: 'active', roomId: room.id, peakParticipants: 2 });
  const people = await host.callApi(`${call}/participants`);
  expect(findByIdentity(people, host.userId)).toMatchObject({
    status: 'connected',
    role: 'host',
    connections: [{ sid: ada.sid, connected: true, joined: { how: 'event' }, leftAt: null }],
  });
  expect(findByIdentity(people, 'ext_ben')).toMatchObject({
    kind: 'service',
    connections: [expect.objectContaining({ sid: ben.sid })],
  });

  // One vanishes, as with an empty battery; the other leaves once that is noticed.
  ben.crash();
  await ada.waitUntil(({ people: others }) => others.length === 0, 30_000);
  await ada.leave();
  // A sweep may have noticed the end first; the cluster's event has precedence.
  await expect.poll(async () => (await host.callApi(call)).ended?.how).toBe('event');

  const ended = await host.callApi(call);
  expect(ended).toMatchObject({ status: 'ended', endReason: 'empty', peakParticipants: 2 });
  const after = await host.callApi(`${call}/participants`);
  const reasons = (identity: string) =>
    findByIdentity(after, identity).connections.map((each: JsonBody) => each.leaveReason);
  expect([reasons(host.userId), reasons('ext_ben')]).toEqual([['left'], ['connection_lost']]);
  const [one, other] = after.data.map(({ connectedSeconds }: JsonBody) =>
    Math.round(connectedSeconds * 1000),
  );
  expect(Math.round(ended.participantSeconds * 1000)).toBe(one + other);
  expect((await host.callApi(`${call}/timeline`)).data).toHaveLength(14);
  expect((await host.callApi(`/rooms/${room.id}`)).callId).toBeNull();
  expect((await host.callApi('/calls?status=ended')).data).toEqual([
    expect.objectContaining({ id: ended.id, status: 'ended' }),
  ]);
});
