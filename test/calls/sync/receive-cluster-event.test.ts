import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { syncSubscriptions } from '../../../src/calls/sync/sync.subscriptions.ts';
import { livekitEvents } from '../../../src/calls/sync/sync.tables.ts';
import { systemScope } from '../../../src/kernel/context/index.ts';
import { outbox } from '../../../src/kernel/events/events.tables.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import type { SimulatedCluster } from '../../support/livekit/cluster.ts';
import { signWebhook } from '../../support/livekit/webhooks.ts';
import { deliverEvent, openCall, fetchCall, sendEvents } from '../calls/support.ts';
import { changeCall } from '../../support/calls.ts';

let app: TestApp;
let host: Person;
let cluster: SimulatedCluster;
let callId: string;

beforeEach(async () => {
  app = createTestApp();
  host = await app.person();
  ({ callId } = await openCall(app, host));
  ({ cluster } = app.liveKit);
  cluster.join(callId, host.userId, { name: 'Ada' });
});

const storedEvents = async (room = callId) => {
  const [rows] = await app.services.database.read(systemScope, (q) => [
    q.select().from(livekitEvents).where(eq(livekitEvents.room, room)),
  ]);
  return rows;
};
const reductions = async () => {
  const [rows] = await app.services.database.read(systemScope, (q) => [
    q.select().from(outbox).where(eq(outbox.key, callId)),
  ]);
  return rows.filter(({ type }) => type === 'call.reported');
};
const countedEvents = (outcome: string) =>
  new RegExp(`auralink_isolate_cluster_events_total\\{[^}]*outcome="${outcome}"[^}]*\\} (\\d+)`).exec(
    app.services.telemetry.counters.render('test'),
  )?.[1];

describe('a webhook of a cluster', () => {
  it('is stored unchanged under its own id before it is answered', async () => {
    const [event] = cluster.events;
    const { body, headers } = await signWebhook(event!, app.liveKit);
    const answer = await app.send('POST', '/webhooks/livekit', { raw: body, headers });
    expect([answer.status, answer.body]).toEqual([204, '']);
    expect(await storedEvents()).toMatchObject([
      {
        id: event!.id,
        cluster: expect.stringMatching(/^test-/),
        room: callId,
        type: 'room_started',
        body,
        reducedAt: null,
      },
    ]);
    expect(countedEvents('stored')).toBe('1');
  });

  it('is accepted in the two media types that clusters use, and in no other', async () => {
    const { body, headers } = await signWebhook(cluster.events[0]!, app.liveKit);
    for (const [type, status] of [
      ['application/json', 204],
      ['application/webhook+json; charset=utf-8', 204],
      ['text/plain', 415],
    ] as const) {
      const as = { ...headers, 'content-type': type };
      expect((await app.send('POST', '/webhooks/livekit', { raw: body, headers: as })).status).toBe(status);
    }
  });

  it('is stored once, and changes nothing when it is repeated', async () => {
    await sendEvents(app, [...cluster.events, ...cluster.events]);
    await app.drain();
    const before = await fetchCall(app, host, `/${callId}/timeline`);
    await sendEvents(app, cluster.events);
    await app.drain();
    expect(await storedEvents()).toHaveLength(2);
    expect(await fetchCall(app, host, `/${callId}/timeline`)).toEqual(before);
  });

  it('is refused with 401 and counted when no configured cluster signed it', async () => {
    const [event] = cluster.events;
    const { apiKey, apiSecret } = app.liveKit;
    const signed = await signWebhook(event!, app.liveKit);
    const forged = await signWebhook(event!, { apiKey, apiSecret: 'another secret '.repeat(4) });
    const unknown = await signWebhook(event!, { apiKey: 'unknown', apiSecret });
    const late = await signWebhook(event!, app.liveKit, Date.now() - 3_600_000);
    const tampered = { ...signed, body: signed.body.replace(callId, app.services.ids.create('call')) };
    const unsigned = { body: signed.body, headers: { 'content-type': 'application/webhook+json' } };
    for (const { body, headers } of [forged, unknown, late, tampered, unsigned]) {
      const answer = await app.send('POST', '/webhooks/livekit', { raw: body, headers });
      expect([answer.status, answer.body.code]).toEqual([401, 'clusters.bad_signature']);
    }
    expect(await storedEvents()).toEqual([]);
    expect(countedEvents('refused')).toBe('5');
  });

  it('about a LiveKit room that is no call is accepted and not stored', async () => {
    cluster.join('another-products-room', 'bob');
    const foreign = cluster.events.filter(({ room }) => room.name !== callId);
    await sendEvents(app, foreign);
    expect(await storedEvents('another-products-room')).toEqual([]);
    expect(countedEvents('foreign')).toBe(String(foreign.length));
  });

  it('about a call that does not exist is stored and marked as reduced', async () => {
    const unknownCallId = app.services.ids.create('call');
    cluster.join(unknownCallId, 'bob');
    await sendEvents(
      app,
      cluster.events.filter(({ room }) => room.name === unknownCallId),
    );
    await app.drain();
    expect((await storedEvents(unknownCallId)).every(({ reducedAt }) => reducedAt !== null)).toBe(true);
    expect(app.log.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('of another cluster than the call’s changes nothing', async () => {
    await changeCall(app, callId, { cluster: 'elsewhere' });
    await sendEvents(app, cluster.events);
    await app.drain();
    expect(await fetchCall(app, host, `/${callId}`)).toMatchObject({ status: 'waiting', startedAt: null });
  });
});

describe('many events at once', () => {
  it('are all stored, in few commits', async () => {
    for (let i = 0; i < 100; i++) cluster.publish(callId, host.userId, { source: 'CAMERA' });
    const before = app.roundTrips();
    await sendEvents(app, cluster.events);
    expect(await storedEvents()).toHaveLength(102);
    expect(app.roundTrips() - before).toBeLessThan(20);
  });

  it('ask for no second reduction while one is pending', async () => {
    for (const event of cluster.events) expect((await deliverEvent(app, event)).status).toBe(204);
    expect(await reductions()).toHaveLength(1);
    await app.drain();
    cluster.publish(callId, host.userId, { source: 'CAMERA' });
    expect((await deliverEvent(app, cluster.events.at(-1)!)).status).toBe(204);
    expect(await reductions()).toHaveLength(2);
  });

  it('are all reduced, also when reductions run at the same time', async () => {
    for (let i = 0; i < 60; i++) cluster.join(callId, `ext_${i}`);
    const left = cluster.events.values();
    const sender = async () => {
      for (const event of left) expect((await deliverEvent(app, event)).status).toBe(204);
    };
    const state = { sent: false };
    const sending = Promise.all([sender(), sender(), sender()]).finally(() => {
      state.sent = true;
    });
    while (!state.sent) await app.drain(syncSubscriptions);
    await sending;
    await app.drain(syncSubscriptions);
    const events = await storedEvents();
    expect(events).toHaveLength(62);
    expect(events.filter(({ reducedAt }) => reducedAt === null)).toEqual([]);
  });

  it('become one domain event for each change, also with duplicates and in any order', async () => {
    cluster.publish(callId, host.userId, { source: 'CAMERA' });
    cluster.leave(callId, host.userId);
    cluster.end(callId);
    for (const event of cluster.events.toReversed()) {
      await sendEvents(app, [event, event]);
      await app.drain();
    }
    const [rows] = await app.services.database.read(systemScope, (q) => [
      q.select().from(outbox).where(eq(outbox.organizationId, host.organizationId)).orderBy(outbox.seq),
    ]);
    const types = rows.filter(({ key }) => key === callId).map(({ type }) => type);
    expect(types.toSorted()).toEqual([
      'call.ended',
      'call.started',
      'participant.joined',
      'participant.left',
      'track.published',
      'track.unpublished',
    ]);
  });
});
