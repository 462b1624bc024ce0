import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { calls } from '../../../src/meetings/calls/calls.tables.ts';
import { closeStrays } from '../../../src/meetings/reconciliation/index.ts';
import { livekitEvents } from '../../../src/meetings/intake/intake.tables.ts';
import { systemScope } from '../../../src/platform/context/index.ts';
import { outbox } from '../../../src/platform/outbox/index.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import type { Cluster } from '../../support/livekit/cluster.ts';
import { BEHAVE } from '../../support/livekit/behaviour.ts';
import { deliverAll, join, openCall, read, readAll, send, signedIn, sweep } from '../calls/support.ts';

let app: TestApp;
let host: Person;
let cluster: Cluster;

beforeEach(async () => {
  app = createTestApp();
  // The cluster tells times in whole seconds.
  app.clock.advanceSeconds(1 - (app.clock.now() % 1000) / 1000);
  host = await app.person();
  ({ cluster } = app.liveKit);
});

/** Moves the clock, and keeps the host signed in. */
async function wait(seconds: number): Promise<void> {
  app.clock.advanceSeconds(seconds);
  host = await signedIn(app, host);
}

/** A call whose host is connected, and of which the ledger knows so. */
async function liveCall(settings: object = {}) {
  const call = await openCall(app, host, settings);
  cluster.join(call.callId, host.userId, { name: 'Ada' });
  await deliverAll(app);
  await wait(60);
  return call;
}

/** Does the work while the cluster behaves so. */
async function whileIt<T>(behaves: string, work: () => Promise<T>): Promise<T> {
  const { fetch } = app.liveKit;
  Object.assign(app.liveKit, {
    fetch: (...given: Parameters<typeof fetch>) => {
      const request = new Request(...given);
      request.headers.set(BEHAVE, behaves);
      return fetch(request);
    },
  });
  try {
    return await work();
  } finally {
    Object.assign(app.liveKit, { fetch });
  }
}

/** What the cluster tells from now on gets lost. */
const lose = () => void cluster.events.splice(0);
const connectionsOf = async (callId: string) =>
  (await readAll(app, host, `/${callId}/participants`)).flatMap(({ connections }) => connections);
const effectsOf = async (callId: string) => {
  const [rows] = await app.services.database.read(systemScope, (q) => [
    q.select().from(outbox).where(eq(outbox.key, callId)).orderBy(outbox.seq),
  ]);
  return rows.filter(({ organizationId }) => organizationId !== null).map(({ type }) => type);
};

describe('a sweep', () => {
  it('finds who came unseen, with the time that the cluster itself keeps', async () => {
    const { callId, roomId } = await liveCall();
    const ben = await app.person({ role: 'member', organizationId: host.organizationId });
    await join(app, ben, roomId);
    cluster.join(callId, ben.userId, { name: 'Ben' });
    cluster.publish(callId, ben.userId, { source: 'SCREEN_SHARE' });
    const joinedAt = new Date(app.clock.now()).toISOString();
    lose();
    await wait(45);
    expect(await sweep(app)).toMatchObject({ changed: 1, missed: 0 });
    const [, person] = await readAll(app, host, `/${callId}/participants`);
    expect(person).toMatchObject({ identity: ben.userId, name: 'Ben', status: 'connected', joinedAt });
    expect(person.connections[0]).toMatchObject({
      joinedAt,
      joined: { how: 'sweep', uncertaintySeconds: 0 },
      left: null,
    });
    const track = (await readAll(app, host, `/${callId}/timeline`)).at(-1);
    expect(track).toMatchObject({
      type: 'track.published',
      source: 'screen_share',
      known: { how: 'sweep', uncertaintySeconds: 45 },
    });
    expect(await effectsOf(callId)).toEqual([
      'call.started',
      'participant.joined',
      'participant.joined',
      'track.published',
    ]);
  });

  it('ends what ended unseen, and says within which time', async () => {
    const { callId } = await liveCall();
    const trackSid = cluster.publish(callId, host.userId, { source: 'CAMERA' });
    await deliverAll(app);
    await sweep(app);
    await wait(10);
    cluster.leave(callId, host.userId);
    lose();
    await wait(50);
    const sweptAt = new Date(app.clock.now()).toISOString();
    expect(await sweep(app)).toMatchObject({ changed: 1 });
    const [connection] = await connectionsOf(callId);
    const known = { how: 'inferred', uncertaintySeconds: 60, knownAt: sweptAt };
    expect(connection).toMatchObject({ leftAt: sweptAt, left: known, leaveReason: null });
    const entries = await readAll(app, host, `/${callId}/timeline`);
    expect(entries.find(({ type }) => type === 'track.unpublished')).toMatchObject({ trackSid, known });
    expect(await read(app, host, `/${callId}`)).toMatchObject({ status: 'active' });
  });

  it('ends a call that the cluster no longer knows, as lost', async () => {
    const { callId } = await liveCall();
    cluster.end(callId);
    lose();
    await wait(60);
    await sweep(app);
    expect(await read(app, host, `/${callId}`)).toMatchObject({
      status: 'ended',
      endReason: 'lost',
      ended: { how: 'inferred', uncertaintySeconds: 120 },
    });
    const [connection] = await connectionsOf(callId);
    expect(connection).toMatchObject({ left: { how: 'inferred' }, leaveReason: 'call_ended' });
    expect((await effectsOf(callId)).slice(-2)).toEqual(['participant.left', 'call.ended']);
  });

  it('closes nothing that began shortly before the list was asked for, or that was told of since', async () => {
    const { callId } = await liveCall();
    cluster.leave(callId, host.userId);
    cluster.join(callId, host.userId);
    const events = cluster.events.splice(0);
    await wait(3);
    await deliverAll(app, events);
    // The list is older than what was told.
    await whileIt('stale-list=60000', () => sweep(app));
    expect((await connectionsOf(callId)).map(({ left }) => left?.how ?? null)).toEqual(['event', null]);
    expect(await read(app, host, `/${callId}`)).toMatchObject({ status: 'active' });
  });

  it('takes back what it concluded when the cluster proves otherwise', async () => {
    const { callId } = await liveCall();
    await wait(60);
    await whileIt('stale-list=999000', () => sweep(app));
    expect(await read(app, host, `/${callId}`)).toMatchObject({ status: 'ended', endReason: 'lost' });
    await wait(60);
    expect(await sweep(app)).toMatchObject({ changed: 1, deleted: 0 });
    expect(await read(app, host, `/${callId}`)).toMatchObject({ status: 'active', endedAt: null });
    expect(await effectsOf(callId)).toEqual([
      'call.started',
      'participant.joined',
      'participant.left',
      'call.ended',
      'call.started',
      'participant.joined',
    ]);
  });

  it('leaves a lost call over when its room has begun another, and deletes what is left at the cluster', async () => {
    const { callId, roomId } = await liveCall();
    await wait(60);
    await whileIt('stale-list=999000', () => sweep(app));
    await join(app, host, roomId);
    await wait(60);
    expect(await sweep(app)).toMatchObject({ deleted: 1 });
    expect(await read(app, host, `/${callId}`)).toMatchObject({ status: 'ended' });
    expect(cluster.rooms.has(callId)).toBe(false);
  });

  it('concludes nothing from a cluster that does not answer, or is there no more, and does the rest', async () => {
    const { callId } = await liveCall();
    const elsewhere = await liveCall();
    await app.services.database.commit(systemScope, (q) => [
      q.update(calls).set({ cluster: 'elsewhere' }).where(eq(calls.id, elsewhere.callId)),
    ]);
    cluster.end(callId);
    cluster.end(elsewhere.callId);
    lose();
    await wait(60);
    expect((await sweep(app)).strays).toBeGreaterThan(0);
    expect(await read(app, host, `/${callId}`)).toMatchObject({ status: 'ended' });
    expect(await read(app, host, `/${elsewhere.callId}`)).toMatchObject({ status: 'active' });
  });

  it('concludes nothing from a list that cannot be had', async () => {
    const { callId } = await liveCall();
    cluster.end(callId);
    lose();
    await wait(60);
    for (const behaviour of ['status=500', 'garbage', 'drop', 'close-mid-body']) {
      const { silent } = await whileIt(behaviour, () => sweep(app));
      expect(silent).toEqual(app.services.ports.clusters.names);
      await wait(20); // the breaker lets a question through again
    }
    expect(await read(app, host, `/${callId}`)).toMatchObject({ status: 'active' });
    await sweep(app);
    expect(await read(app, host, `/${callId}`)).toMatchObject({ status: 'ended' });
  });
});

describe('a call on a cluster that is configured no more', () => {
  const moveTo = (callId: string, name: string) =>
    app.services.database.commit(systemScope, (q) => [
      q.update(calls).set({ cluster: name }).where(eq(calls.id, callId)),
    ]);

  beforeEach(async () => {
    // The run's database is shared: in the past nothing is silent but what is silent here.
    await wait(-7_200);
  });

  it('is lost when it was last seen, once nothing was heard for a quarter of an hour, and back with its cluster', async () => {
    const { callId } = await liveCall();
    await sweep(app);
    const seenAt = new Date(app.clock.now()).toISOString();
    const [own] = app.services.ports.clusters.names;
    await moveTo(callId, 'elsewhere');
    await wait(900);
    await closeStrays(app.services);
    expect(await read(app, host, `/${callId}`)).toMatchObject({ status: 'active', participantSeconds: 960 });
    await wait(1);
    const knownAt = new Date(app.clock.now()).toISOString();
    expect(await closeStrays(app.services)).toEqual({ closed: 1 });
    await app.drain();
    const known = { how: 'inferred', knownAt, uncertaintySeconds: 0 };
    const lost = {
      status: 'ended',
      endReason: 'lost',
      endedAt: seenAt,
      ended: known,
      participantSeconds: 60,
    };
    expect(await read(app, host, `/${callId}`)).toMatchObject(lost);
    expect(await connectionsOf(callId)).toMatchObject([{ leftAt: seenAt, left: known }]);
    expect((await effectsOf(callId)).slice(-2)).toEqual(['participant.left', 'call.ended']);
    expect(await closeStrays(app.services)).toEqual({ closed: 0 });
    await moveTo(callId, own!);
    await sweep(app);
    expect(await read(app, host, `/${callId}`)).toMatchObject({ status: 'active', participantSeconds: 961 });
    expect((await connectionsOf(callId)).map(({ left }) => left)).toEqual([null]);
  });

  it('that was ended here counts nothing on, and its connections end when they were last seen', async () => {
    const { callId, roomId } = await liveCall();
    await sweep(app);
    const seenAt = new Date(app.clock.now()).toISOString();
    await moveTo(callId, 'elsewhere');
    await wait(30);
    await app.send('POST', `/api/v1/rooms/${roomId}/end`, { token: host.token, body: {} });
    await app.drain();
    lose();
    await wait(600);
    const seconds = async () => (await read(app, host, `/${callId}`)).participantSeconds;
    const people = () => readAll(app, host, `/${callId}/participants`);
    expect([await seconds(), (await people())[0].connectedSeconds]).toEqual([90, 90]);
    await wait(301);
    expect(await closeStrays(app.services)).toEqual({ closed: 1 });
    expect(await connectionsOf(callId)).toMatchObject([{ leftAt: seenAt, left: { how: 'inferred' } }]);
    expect([await seconds(), (await people())[0].connectedSeconds]).toEqual([60, 60]);
  });

  it('has failed when it waits and no token is good', async () => {
    const { callId } = await openCall(app, host, { emptyTimeoutSeconds: 60 });
    await moveTo(callId, 'elsewhere');
    await wait(901);
    expect(await closeStrays(app.services)).toEqual({ closed: 1 });
    expect(await read(app, host, `/${callId}`)).toMatchObject({ status: 'failed', endReason: 'nobody_came' });
  });
});

describe('a call that waits', () => {
  it('has failed when nobody came while the room lets it be empty and no token is good', async () => {
    const { callId } = await openCall(app, host, { emptyTimeoutSeconds: 300 });
    await wait(299);
    await sweep(app);
    expect(await read(app, host, `/${callId}`)).toMatchObject({ status: 'waiting' });
    await wait(1);
    await sweep(app);
    expect(await read(app, host, `/${callId}`)).toMatchObject({
      status: 'failed',
      endReason: 'nobody_came',
      startedAt: null,
      durationSeconds: 0,
      ended: { how: 'inferred' },
    });
    expect(await effectsOf(callId)).toEqual(['call.ended']);
  });

  it('goes on waiting while somebody holds a token that is good', async () => {
    const { callId, roomId } = await openCall(app, host, { emptyTimeoutSeconds: 60 });
    await wait(59);
    await join(app, host, roomId);
    await wait(60);
    await sweep(app);
    expect(await read(app, host, `/${callId}`)).toMatchObject({ status: 'waiting' });
    await wait(61);
    await sweep(app);
    expect(await read(app, host, `/${callId}`)).toMatchObject({ status: 'failed' });
  });

  it('runs when its first participant came unseen', async () => {
    const { callId } = await openCall(app, host, { emptyTimeoutSeconds: 60 });
    cluster.join(callId, host.userId);
    lose();
    await wait(600);
    await sweep(app);
    expect(await read(app, host, `/${callId}`)).toMatchObject({ status: 'active', durationSeconds: 600 });
  });
});

describe('a call that is over', () => {
  it('ends when it lasts longer than its room allows, also at the cluster', async () => {
    const { callId } = await liveCall({ maxDurationSeconds: 120 });
    await sweep(app);
    expect(await read(app, host, `/${callId}`)).toMatchObject({ status: 'active' });
    await wait(60);
    await sweep(app);
    expect(cluster.rooms.has(callId)).toBe(false);
    await deliverAll(app);
    expect(await read(app, host, `/${callId}`)).toMatchObject({
      status: 'ended',
      endReason: 'out_of_time',
      durationSeconds: 120,
    });
    expect(await connectionsOf(callId)).toMatchObject([
      { left: { how: 'event' }, leaveReason: 'call_ended' },
    ]);
  });

  it('is kept over by deleting whatever room the cluster makes of it again', async () => {
    const { callId } = await liveCall();
    cluster.end(callId);
    await deliverAll(app);
    cluster.join(callId, host.userId);
    await deliverAll(app);
    await wait(60);
    await sweep(app);
    expect(cluster.rooms.has(callId)).toBe(false);
    await deliverAll(app);
    expect(await read(app, host, `/${callId}`)).toMatchObject({ status: 'ended' });
    expect((await connectionsOf(callId)).map(({ left }) => left.how)).toEqual(['event', 'event']);
    expect(await sweep(app)).toMatchObject({ calls: 0, changed: 0 });
  });
});

describe('events', () => {
  it('whose effect was lost are brought on their way again', async () => {
    const { callId } = await openCall(app, host);
    cluster.join(callId, host.userId);
    await send(app, cluster.events.splice(0));
    await app.services.database.commit(systemScope, (q) => [q.delete(outbox).where(eq(outbox.key, callId))]);
    await wait(59);
    await sweep(app);
    expect(await read(app, host, `/${callId}`)).toMatchObject({ started: { how: 'sweep' } });
    await wait(2);
    expect((await sweep(app)).requeued).toBeGreaterThan(0);
    const entries = await readAll(app, host, `/${callId}/timeline`);
    expect(entries.at(-1)).toMatchObject({ type: 'participant.joined', known: { how: 'event' } });
  });

  it('are forgotten after seven days, and the ledger stays', async () => {
    const { callId } = await liveCall();
    cluster.end(callId);
    await deliverAll(app);
    const keptAfter = async (days: number) => {
      const receivedAt = new Date(app.clock.now() - days * 86_400_000);
      const about = eq(livekitEvents.room, callId);
      await app.services.database.commit(systemScope, (q) => [
        q.update(livekitEvents).set({ receivedAt }).where(about),
      ]);
      await sweep(app);
      const [rows] = await app.services.database.read(systemScope, (q) => [
        q.select().from(livekitEvents).where(about),
      ]);
      return rows.length;
    };
    expect(await keptAfter(6.9)).toBe(4);
    expect(await keptAfter(7.1)).toBe(0);
    expect(await readAll(app, host, `/${callId}/timeline`)).toHaveLength(4);
  });
});
