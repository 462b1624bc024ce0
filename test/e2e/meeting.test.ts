import { afterEach, expect, inject, it } from 'vitest';
import { requireMediaServer } from '../support/livekit/server.ts';
import { type Body, Host } from './support/meeting.ts';
import { dismissAll } from './support/participants.ts';

const { api } = inject('product');

const byIdentity = (list: Body, identity: string): Body =>
  list.data.find((each: Body) => each.identity === identity);

afterEach(dismissAll);

it('a call is held with real media, and its history tells who was there, for how long, and why it ended', async (context) => {
  requireMediaServer(context);
  const host = await Host.signUp(api);
  const service = await host.service();
  const room = await host.room({ departureTimeoutSeconds: 5 });
  const path = async () => `/calls/${(await host.call(`/rooms/${room.id}`)).callId}`;

  const admission = await host.admission(room.id);
  expect(admission).toMatchObject({ status: 'admitted', identity: host.userId, role: 'host' });
  const ada = await Host.enter(admission);
  const ben = await Host.enter(await service.admission(room.id, 'ben'));
  const tracks = [await ada.publish('audio'), await ada.publish('video')];
  tracks.push(await ben.publish('audio'), await ben.publish('video'));
  for (const each of [ada, ben])
    await each.until(({ tracks: seen }) => seen.length === 2 && seen.every(({ frames }) => frames > 10));

  const call = await path();
  await expect.poll(async () => (await host.call(`${call}/timeline`)).data.length).toBe(7);
  const timeline = (await host.call(`${call}/timeline`)).data;
  expect(new Set(timeline.map(({ known }: Body) => known.how))).toEqual(new Set(['event']));
  expect(timeline.map(({ type }: Body) => type).toSorted()).toEqual([
    'call.started',
    ...Array.from({ length: 2 }, () => 'participant.joined'),
    ...Array.from({ length: 4 }, () => 'track.published'),
  ]);
  expect(timeline.flatMap(({ trackSid }: Body) => trackSid ?? []).toSorted()).toEqual(tracks.toSorted());
  expect(await host.call(call)).toMatchObject({ status: 'active', roomId: room.id, peakParticipants: 2 });
  const people = await host.call(`${call}/participants`);
  expect(byIdentity(people, host.userId)).toMatchObject({
    status: 'connected',
    role: 'host',
    connections: [{ sid: ada.sid, connected: true, joined: { how: 'event' }, leftAt: null }],
  });
  expect(byIdentity(people, 'ext_ben')).toMatchObject({
    kind: 'service',
    connections: [expect.objectContaining({ sid: ben.sid })],
  });

  // One vanishes, as when a battery is empty; the other says goodbye once that is noticed.
  ben.crash();
  await ada.until(({ people: others }) => others.length === 0, 30_000);
  await ada.leave();
  await expect.poll(async () => (await host.call(call)).status).toBe('ended');

  const ended = await host.call(call);
  expect(ended).toMatchObject({ endReason: 'empty', ended: { how: 'event' }, peakParticipants: 2 });
  const after = await host.call(`${call}/participants`);
  const reasons = (identity: string) =>
    byIdentity(after, identity).connections.map((each: Body) => each.leaveReason);
  expect([reasons(host.userId), reasons('ext_ben')]).toEqual([['left'], ['connection_lost']]);
  const [one, other] = after.data.map(({ connectedSeconds }: Body) => Math.round(connectedSeconds * 1000));
  expect(Math.round(ended.participantSeconds * 1000)).toBe(one + other);
  expect((await host.call(`${call}/timeline`)).data).toHaveLength(14);
  expect((await host.call(`/rooms/${room.id}`)).callId).toBeNull();
  expect((await host.call('/calls?status=ended')).data).toEqual([
    expect.objectContaining({ id: ended.id, status: 'ended' }),
  ]);
}, 120_000);
