import { expect, it } from 'vitest';
import { createTestApp } from '../../support/app.ts';
import type { ClusterEvent } from '../../support/livekit/shapes.ts';
import { deliverEvent, fetchCall, openCall, runReconciliation } from '../calls/support.ts';

const MAX_INT64 = '9223372036854775807';
const ODD_TIMES = [
  MAX_INT64,
  `-${MAX_INT64}`,
  '-1',
  '1',
  '253402300800000',
  '8640000000000001',
  '4102444800000',
];

const droppedTimes = (rendered: string) =>
  Number(/auralink_isolate_cluster_times_dropped_total\{[^}]*\} (\d+)/.exec(rendered)?.[1] ?? 0);

it('a time that cannot be true is dropped and counted, and the call is reduced', async () => {
  const app = createTestApp();
  const host = await app.person();
  const { callId } = await openCall(app, host);
  const { cluster } = app.liveKit;
  cluster.join(callId, host.userId, { name: 'Ada' });
  const joined = cluster.events.at(-1)!;
  const odd = ODD_TIMES.flatMap((time, i): ClusterEvent[] => [
    { ...joined, id: `EV_created_${i}`, createdAt: time },
    {
      ...joined,
      id: `EV_joined_${i}`,
      room: { ...joined.room, creationTime: time, creationTimeMs: time },
      participant: { ...joined.participant, joinedAt: time, joinedAtMs: time },
    },
  ]);
  for (const event of odd) expect((await deliverEvent(app, event)).status).toBe(204);
  await app.drain();
  for (const event of cluster.events) expect((await deliverEvent(app, event)).status).toBe(204);
  await app.drain();
  expect(app.log.filter(({ level }) => level === 'error')).toEqual([]);
  const now = new Date(app.clock.now()).toISOString();
  expect(await fetchCall(app, host, `/${callId}`)).toMatchObject({ status: 'active', startedAt: now });
  expect((await fetchCall(app, host, `/${callId}/participants`)).data).toMatchObject([
    { identity: host.userId, status: 'connected', joinedAt: now },
  ]);
  const counted = droppedTimes(app.services.telemetry.counters.render('test'));
  expect(counted).toBe(ODD_TIMES.length * 3);
});

it('a body with times that are not numbers is refused, and blocks nothing', async () => {
  const app = createTestApp();
  const host = await app.person();
  const { callId } = await openCall(app, host);
  const { cluster } = app.liveKit;
  cluster.join(callId, host.userId);
  const [first, ...rest] = cluster.events;
  for (const time of ['NaN', 'soon', 1.5, {}, '9223372036854775808']) {
    const answer = await deliverEvent(app, { ...first!, createdAt: time as string });
    expect([answer.status, answer.body.code]).toEqual([401, 'clusters.bad_signature']);
  }
  for (const event of [first!, ...rest]) await deliverEvent(app, event);
  await app.drain();
  expect(await fetchCall(app, host, `/${callId}`)).toMatchObject({ status: 'active' });
});

it('an odd time in the lists of a cluster is dropped as well', async () => {
  const app = createTestApp();
  const host = await app.person();
  const { callId } = await openCall(app, host);
  const { cluster } = app.liveKit;
  cluster.join(callId, host.userId);
  const room = cluster.rooms.get(callId)!;
  const latest = 2n ** 63n - 1n;
  Object.assign(room.info, { creationTime: latest, creationTimeMs: latest });
  for (const participant of room.participants.values())
    Object.assign(participant, { joinedAt: latest, joinedAtMs: latest });
  const report = await runReconciliation(app);
  expect(report).toMatchObject({ missed: 0, unreachable: [] });
  expect(await fetchCall(app, host, `/${callId}`)).toMatchObject({ status: 'active' });
  expect(droppedTimes(app.services.telemetry.counters.render('test'))).toBe(2);
});

it('an id that is too long for an index does not stop the reduction', async () => {
  const app = createTestApp();
  const host = await app.person();
  const { callId } = await openCall(app, host);
  const { cluster } = app.liveKit;
  cluster.join(callId, host.userId);
  const joined = cluster.events.at(-1)!;
  const long = Array.from({ length: 20_000 }, (_, i) => String.fromCodePoint(0x4e00 + ((i * 7919) % 20_000)));
  const participant = { ...joined.participant, sid: long.join(''), identity: long.join('') } as never;
  for (const event of [{ ...joined, id: 'EV_long', participant }, ...cluster.events])
    expect((await deliverEvent(app, event)).status).toBe(204);
  await app.drain();
  expect(app.log.filter(({ level }) => level === 'error')).toEqual([]);
  expect(await fetchCall(app, host, `/${callId}`)).toMatchObject({ status: 'active' });
});
