import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { calls } from '../../../src/calls/calls/calls.tables.ts';
import { closeOrphanedCalls } from '../../../src/calls/sync/index.ts';
import { livekitEvents } from '../../../src/calls/sync/sync.tables.ts';
import { systemScope } from '../../../src/kernel/context/index.ts';
import { outbox } from '../../../src/kernel/events/events.tables.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import type { SimulatedCluster } from '../../support/livekit/cluster.ts';
import { ownerSql } from '../../contract/sql.ts';
import { BEHAVIOUR_HEADER } from '../../support/livekit/behaviour.ts';
import {
  deliverAll,
  joinRoom,
  openCall,
  fetchCall,
  fetchAllPages,
  sendEvents,
  renewToken,
  runReconciliation,
} from '../calls/support.ts';

let app: TestApp;
let host: Person;
let cluster: SimulatedCluster;

beforeEach(async () => {
  app = createTestApp();
  // The cluster reports times in whole seconds.
  app.clock.advanceSeconds(1 - (app.clock.now() % 1000) / 1000);
  host = await app.person();
  ({ cluster } = app.liveKit);
});

/** Moves the clock, and keeps the host signed in. */
async function advanceTime(seconds: number): Promise<void> {
  app.clock.advanceSeconds(seconds);
  host = await renewToken(app, host);
}

/** A call whose host is connected, as the ledger knows. */
async function openConnectedCall(settings: object = {}) {
  const call = await openCall(app, host, settings);
  cluster.join(call.callId, host.userId, { name: 'Ada' });
  await deliverAll(app);
  await advanceTime(60);
  return call;
}

/** Runs the work while the cluster misbehaves in this way; see `behaviour.ts`. */
async function whileClusterBehaves<T>(behaves: string, work: () => Promise<T>): Promise<T> {
  const { fetch } = app.liveKit;
  Object.assign(app.liveKit, {
    fetch: (...given: Parameters<typeof fetch>) => {
      const request = new Request(...given);
      request.headers.set(BEHAVIOUR_HEADER, behaves);
      return fetch(request);
    },
  });
  try {
    return await work();
  } finally {
    Object.assign(app.liveKit, { fetch });
  }
}

/** Loses the events that the cluster has made and not delivered. */
const dropEvents = () => void cluster.events.splice(0);
const connectionsOf = async (callId: string) =>
  (await fetchAllPages(app, host, `/${callId}/participants`)).flatMap(({ connections }) => connections);
const eventsOf = async (callId: string) => {
  const [rows] = await app.services.database.read(systemScope, (q) => [
    q.select().from(outbox).where(eq(outbox.key, callId)).orderBy(outbox.seq),
  ]);
  return rows.filter(({ organizationId }) => organizationId !== null).map(({ type }) => type);
};

describe('a sweep', () => {
  it("finds a participant whose join event was lost, with the cluster's own time", async () => {
    const { callId, roomId } = await openConnectedCall();
    const ben = await app.person({ role: 'member', organizationId: host.organizationId });
    await joinRoom(app, ben, roomId);
    cluster.join(callId, ben.userId, { name: 'Ben' });
    cluster.publish(callId, ben.userId, { source: 'SCREEN_SHARE' });
    const joinedAt = new Date(app.clock.now()).toISOString();
    dropEvents();
    await advanceTime(45);
    expect(await runReconciliation(app)).toMatchObject({ changed: 1, missed: 0 });
    const [, person] = await fetchAllPages(app, host, `/${callId}/participants`);
    expect(person).toMatchObject({ identity: ben.userId, name: 'Ben', status: 'connected', joinedAt });
    expect(person.connections[0]).toMatchObject({
      joinedAt,
      joined: { how: 'sweep', uncertaintySeconds: 0 },
      left: null,
    });
    const track = (await fetchAllPages(app, host, `/${callId}/timeline`)).at(-1);
    expect(track).toMatchObject({
      type: 'track.published',
      source: 'screen_share',
      known: { how: 'sweep', uncertaintySeconds: 45 },
    });
    expect(await eventsOf(callId)).toEqual([
      'call.started',
      'participant.joined',
      'participant.joined',
      'track.published',
    ]);
  });

  it('ends a connection and a track whose end events were lost, with the uncertainty of the time', async () => {
    const { callId } = await openConnectedCall();
    const trackSid = cluster.publish(callId, host.userId, { source: 'CAMERA' });
    await deliverAll(app);
    await runReconciliation(app);
    await advanceTime(10);
    cluster.leave(callId, host.userId);
    dropEvents();
    await advanceTime(50);
    const sweptAt = new Date(app.clock.now()).toISOString();
    expect(await runReconciliation(app)).toMatchObject({ changed: 1 });
    const [connection] = await connectionsOf(callId);
    const known = { how: 'inferred', uncertaintySeconds: 60, knownAt: sweptAt };
    expect(connection).toMatchObject({ leftAt: sweptAt, left: known, leaveReason: null });
    const entries = await fetchAllPages(app, host, `/${callId}/timeline`);
    expect(entries.find(({ type }) => type === 'track.unpublished')).toMatchObject({ trackSid, known });
    expect(await fetchCall(app, host, `/${callId}`)).toMatchObject({ status: 'active' });
  });

  it('reaches every call, also after one whose ledger cannot be written, which is missed and logged', async () => {
    const poisoned = await openConnectedCall();
    const healthy = await openConnectedCall();
    for (const { callId } of [poisoned, healthy]) cluster.leave(callId, host.userId);
    dropEvents();
    await advanceTime(50);
    const trigger = `refuse_${poisoned.callId}`;
    await ownerSql(`create function ${trigger}() returns trigger language plpgsql as
      $$ begin raise exception 'this call is not written'; end $$`);
    await ownerSql(`create trigger ${trigger} before update on calls for each row
      when (new.id = '${poisoned.callId}') execute function ${trigger}()`);
    try {
      expect(await runReconciliation(app)).toMatchObject({ changed: 1, missed: 1, unreachable: [] });
    } finally {
      await ownerSql(`drop function ${trigger} cascade`);
    }
    expect(app.log.filter(({ event }) => event === 'calls.not_swept')).toMatchObject([
      { fields: { callId: poisoned.callId } },
    ]);
    expect(await runReconciliation(app)).toMatchObject({ changed: 1, missed: 0 });
  });

  it('ends a call as lost that the cluster no longer has', async () => {
    const { callId } = await openConnectedCall();
    cluster.end(callId);
    dropEvents();
    await advanceTime(60);
    await runReconciliation(app);
    expect(await fetchCall(app, host, `/${callId}`)).toMatchObject({
      status: 'ended',
      endReason: 'lost',
      ended: { how: 'inferred', uncertaintySeconds: 120 },
    });
    const [connection] = await connectionsOf(callId);
    expect(connection).toMatchObject({ left: { how: 'inferred' }, leaveReason: 'call_ended' });
    expect((await eventsOf(callId)).slice(-3)).toEqual([
      'participant.left',
      'call.ended',
      'call.connection_times_changed',
    ]);
  });

  it('does not close what was seen shortly before the list was requested, or reported since', async () => {
    const { callId } = await openConnectedCall();
    cluster.leave(callId, host.userId);
    cluster.join(callId, host.userId);
    const events = cluster.events.splice(0);
    await advanceTime(3);
    await deliverAll(app, events);
    // The list is older than the events.
    await whileClusterBehaves('stale-list=60000', () => runReconciliation(app));
    expect((await connectionsOf(callId)).map(({ left }) => left?.how ?? null)).toEqual(['event', null]);
    expect(await fetchCall(app, host, `/${callId}`)).toMatchObject({ status: 'active' });
  });

  it('reopens what it closed when the cluster proves otherwise', async () => {
    const { callId } = await openConnectedCall();
    await advanceTime(60);
    await whileClusterBehaves('stale-list=999000', () => runReconciliation(app));
    expect(await fetchCall(app, host, `/${callId}`)).toMatchObject({ status: 'ended', endReason: 'lost' });
    await advanceTime(60);
    expect(await runReconciliation(app)).toMatchObject({ changed: 1, deletedRooms: 0 });
    expect(await fetchCall(app, host, `/${callId}`)).toMatchObject({ status: 'active', endedAt: null });
    expect(await eventsOf(callId)).toEqual([
      'call.started',
      'participant.joined',
      'participant.left',
      'call.ended',
      'call.connection_times_changed',
      'call.started',
      'participant.joined',
      'call.connection_times_changed',
    ]);
  });

  it('keeps a lost call ended when its room has another open call, and deletes its LiveKit room', async () => {
    const { callId, roomId } = await openConnectedCall();
    await advanceTime(60);
    await whileClusterBehaves('stale-list=999000', () => runReconciliation(app));
    await joinRoom(app, host, roomId);
    await advanceTime(60);
    expect(await runReconciliation(app)).toMatchObject({ deletedRooms: 1 });
    expect(await fetchCall(app, host, `/${callId}`)).toMatchObject({ status: 'ended' });
    expect(cluster.rooms.has(callId)).toBe(false);
  });

  it('concludes nothing about a cluster that does not answer or is not configured, and sweeps the others', async () => {
    const { callId } = await openConnectedCall();
    const elsewhere = await openConnectedCall();
    await app.services.database.commit(systemScope, (q) => [
      q.update(calls).set({ cluster: 'elsewhere' }).where(eq(calls.id, elsewhere.callId)),
    ]);
    cluster.end(callId);
    cluster.end(elsewhere.callId);
    dropEvents();
    await advanceTime(60);
    expect((await runReconciliation(app)).orphaned).toBeGreaterThan(0);
    expect(await fetchCall(app, host, `/${callId}`)).toMatchObject({ status: 'ended' });
    expect(await fetchCall(app, host, `/${elsewhere.callId}`)).toMatchObject({ status: 'active' });
  });

  it('concludes nothing from a list that cannot be read', async () => {
    const { callId } = await openConnectedCall();
    cluster.end(callId);
    dropEvents();
    await advanceTime(60);
    for (const behaviour of ['status=500', 'garbage', 'drop', 'close-mid-body']) {
      const { unreachable } = await whileClusterBehaves(behaviour, () => runReconciliation(app));
      expect(unreachable).toEqual(app.services.ports.clusters.names);
      await advanceTime(20); // the breaker allows an attempt again
    }
    expect(await fetchCall(app, host, `/${callId}`)).toMatchObject({ status: 'active' });
    await runReconciliation(app);
    expect(await fetchCall(app, host, `/${callId}`)).toMatchObject({ status: 'ended' });
  });
});

describe('a call on a cluster that is no longer configured', () => {
  const moveTo = (callId: string, name: string) =>
    app.services.database.commit(systemScope, (q) => [
      q.update(calls).set({ cluster: name }).where(eq(calls.id, callId)),
    ]);

  beforeEach(async () => {
    // Other calls of the shared database are newer, so that only those of this test are silent.
    await advanceTime(-7_200);
  });

  it('is lost after 15 minutes without a report, as of when it was last seen, and reopens with its cluster', async () => {
    const { callId } = await openConnectedCall();
    await runReconciliation(app);
    const seenAt = new Date(app.clock.now()).toISOString();
    const [own] = app.services.ports.clusters.names;
    await moveTo(callId, 'elsewhere');
    await advanceTime(900);
    await closeOrphanedCalls(app.services);
    expect(await fetchCall(app, host, `/${callId}`)).toMatchObject({
      status: 'active',
      participantSeconds: 960,
    });
    await advanceTime(1);
    const knownAt = new Date(app.clock.now()).toISOString();
    expect(await closeOrphanedCalls(app.services)).toEqual({ closed: 1, failed: 0 });
    await app.drain();
    const known = { how: 'inferred', knownAt, uncertaintySeconds: 0 };
    const lost = {
      status: 'ended',
      endReason: 'lost',
      endedAt: seenAt,
      ended: known,
      participantSeconds: 60,
    };
    expect(await fetchCall(app, host, `/${callId}`)).toMatchObject(lost);
    expect(await connectionsOf(callId)).toMatchObject([{ leftAt: seenAt, left: known }]);
    expect((await eventsOf(callId)).slice(-3)).toEqual([
      'participant.left',
      'call.ended',
      'call.connection_times_changed',
    ]);
    expect(await closeOrphanedCalls(app.services)).toEqual({ closed: 0, failed: 0 });
    await moveTo(callId, own!);
    await runReconciliation(app);
    expect(await fetchCall(app, host, `/${callId}`)).toMatchObject({
      status: 'active',
      participantSeconds: 961,
    });
    expect((await connectionsOf(callId)).map(({ left }) => left)).toEqual([null]);
  });

  it('that was ended here counts no further time, and its connections end when they were last seen', async () => {
    const { callId, roomId } = await openConnectedCall();
    await runReconciliation(app);
    const seenAt = new Date(app.clock.now()).toISOString();
    await moveTo(callId, 'elsewhere');
    await advanceTime(30);
    await app.send('POST', `/api/v1/rooms/${roomId}/end`, { token: host.token, body: {} });
    await app.drain();
    dropEvents();
    await advanceTime(600);
    const seconds = async () => (await fetchCall(app, host, `/${callId}`)).participantSeconds;
    const people = () => fetchAllPages(app, host, `/${callId}/participants`);
    expect([await seconds(), (await people())[0].connectedSeconds]).toEqual([90, 90]);
    await advanceTime(301);
    expect(await closeOrphanedCalls(app.services)).toEqual({ closed: 1, failed: 0 });
    expect(await connectionsOf(callId)).toMatchObject([{ leftAt: seenAt, left: { how: 'inferred' } }]);
    expect([await seconds(), (await people())[0].connectedSeconds]).toEqual([60, 60]);
  });

  it('fails when it is waiting and no token is valid', async () => {
    const { callId } = await openCall(app, host, { emptyTimeoutSeconds: 60 });
    await moveTo(callId, 'elsewhere');
    await advanceTime(901);
    expect(await closeOrphanedCalls(app.services)).toEqual({ closed: 1, failed: 0 });
    expect(await fetchCall(app, host, `/${callId}`)).toMatchObject({
      status: 'failed',
      endReason: 'nobody_came',
    });
  });
});

describe('a waiting call', () => {
  it('fails after the empty timeout of its room, once no token is valid', async () => {
    const { callId } = await openCall(app, host, { emptyTimeoutSeconds: 300 });
    await advanceTime(299);
    await runReconciliation(app);
    expect(await fetchCall(app, host, `/${callId}`)).toMatchObject({ status: 'waiting' });
    await advanceTime(1);
    await runReconciliation(app);
    expect(await fetchCall(app, host, `/${callId}`)).toMatchObject({
      status: 'failed',
      endReason: 'nobody_came',
      startedAt: null,
      durationSeconds: 0,
      ended: { how: 'inferred' },
    });
    expect(await eventsOf(callId)).toEqual(['call.ended']);
  });

  it('continues to wait while a token is valid', async () => {
    const { callId, roomId } = await openCall(app, host, { emptyTimeoutSeconds: 60 });
    await advanceTime(59);
    await joinRoom(app, host, roomId);
    await advanceTime(60);
    await runReconciliation(app);
    expect(await fetchCall(app, host, `/${callId}`)).toMatchObject({ status: 'waiting' });
    await advanceTime(71);
    await runReconciliation(app);
    expect(await fetchCall(app, host, `/${callId}`)).toMatchObject({ status: 'failed' });
  });

  it('becomes active when the join event of its first participant was lost', async () => {
    const { callId } = await openCall(app, host, { emptyTimeoutSeconds: 60 });
    cluster.join(callId, host.userId);
    dropEvents();
    await advanceTime(600);
    await runReconciliation(app);
    expect(await fetchCall(app, host, `/${callId}`)).toMatchObject({
      status: 'active',
      durationSeconds: 600,
    });
  });
});

describe('a call that must end', () => {
  it('ends at the maximum duration of its room, also at the cluster', async () => {
    const { callId } = await openConnectedCall({ maxDurationSeconds: 120 });
    await runReconciliation(app);
    expect(await fetchCall(app, host, `/${callId}`)).toMatchObject({ status: 'active' });
    await advanceTime(60);
    await runReconciliation(app);
    expect(cluster.rooms.has(callId)).toBe(false);
    await deliverAll(app);
    expect(await fetchCall(app, host, `/${callId}`)).toMatchObject({
      status: 'ended',
      endReason: 'out_of_time',
      durationSeconds: 120,
    });
    expect(await connectionsOf(callId)).toMatchObject([
      { left: { how: 'event' }, leaveReason: 'call_ended' },
    ]);
  });

  it('stays ended: a LiveKit room that the cluster creates again is deleted', async () => {
    const { callId } = await openConnectedCall();
    cluster.end(callId);
    await deliverAll(app);
    cluster.join(callId, host.userId);
    await deliverAll(app);
    await advanceTime(60);
    await runReconciliation(app);
    expect(cluster.rooms.has(callId)).toBe(false);
    await deliverAll(app);
    expect(await fetchCall(app, host, `/${callId}`)).toMatchObject({ status: 'ended' });
    expect((await connectionsOf(callId)).map(({ left }) => left.how)).toEqual(['event', 'event']);
    expect(await runReconciliation(app)).toMatchObject({ calls: 0, changed: 0 });
  });
});

describe('stored events', () => {
  it('are reduced by a later sweep when their `call.reported` was lost', async () => {
    const { callId } = await openCall(app, host);
    cluster.join(callId, host.userId);
    await sendEvents(app, cluster.events.splice(0));
    await app.services.database.commit(systemScope, (q) => [q.delete(outbox).where(eq(outbox.key, callId))]);
    await advanceTime(59);
    await runReconciliation(app);
    expect(await fetchCall(app, host, `/${callId}`)).toMatchObject({ started: { how: 'sweep' } });
    await advanceTime(2);
    expect((await runReconciliation(app)).requeued).toBeGreaterThan(0);
    const entries = await fetchAllPages(app, host, `/${callId}/timeline`);
    expect(entries.at(-1)).toMatchObject({ type: 'participant.joined', known: { how: 'event' } });
  });

  it('are deleted after seven days, and the ledger stays', async () => {
    const { callId } = await openConnectedCall();
    cluster.end(callId);
    await deliverAll(app);
    const keptAfter = async (days: number) => {
      const receivedAt = new Date(app.clock.now() - days * 86_400_000);
      const about = eq(livekitEvents.room, callId);
      await app.services.database.commit(systemScope, (q) => [
        q.update(livekitEvents).set({ receivedAt }).where(about),
      ]);
      await runReconciliation(app);
      const [rows] = await app.services.database.read(systemScope, (q) => [
        q.select().from(livekitEvents).where(about),
      ]);
      return rows.length;
    };
    expect(await keptAfter(6.9)).toBe(4);
    expect(await keptAfter(7.1)).toBe(0);
    expect(await fetchAllPages(app, host, `/${callId}/timeline`)).toHaveLength(4);
  });
});
