import { sql } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { systemScope } from '../../../src/kernel/context/index.ts';
import {
  deliver,
  publish,
  returnWakeups,
  sweepDeliveries,
  type Wakeup,
} from '../../../src/kernel/delivery/index.ts';
import { IN_FLIGHT_PER_SUBSCRIBER, PUBLISH_LIMIT } from '../../../src/kernel/delivery/delivery.rules.ts';
import { runCron } from '../../../workers/cron.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { createWorker, deploy, listDeliveries, listEvents, workEvent, writeEvents } from './support.ts';

let app: TestApp;
let organizationId: string;

beforeEach(async () => {
  app = createTestApp();
  // The sweep takes what it finds in every organization, also of the test before.
  deploy(app, createWorker());
  for (const table of [sql`deliveries`, sql`outbox`])
    await app.services.database.commit(systemScope, (q) => [q.execute(sql`delete from ${table}`)]);
  ({ organizationId } = await app.person());
});

const takeWakeups = (count = Infinity): Wakeup[] => app.queue.wakeups.splice(0, count);
const consume = (wakeups: Wakeup[], worker: ReturnType<typeof createWorker>) => {
  deploy(app, worker);
  return Promise.all(wakeups.map((wakeup) => deliver(app.services, wakeup)));
};
const statuses = async () => (await listDeliveries(app, organizationId)).map(({ status }) => status);

describe('the sweep', () => {
  it('publishes what a lost publication left behind, in every organization, and what has become due', async () => {
    const other = await app.person();
    await writeEvents(app, organizationId, [
      workEvent(1),
      { ...workEvent(2), availableAtMs: app.clock.now() + 30_000 },
    ]);
    await writeEvents(app, other.organizationId, [workEvent(3)]);
    expect(await sweepDeliveries(app.services)).toMatchObject({ published: 2 });
    app.clock.advanceSeconds(30);
    expect(await sweepDeliveries(app.services)).toMatchObject({ published: 1 });
  });

  it('publishes all that waits, however much more than one round can', async () => {
    const organizations = Array.from({ length: 2 * (PUBLISH_LIMIT / IN_FLIGHT_PER_SUBSCRIBER) + 1 }, () =>
      app.services.ids.create('organization'),
    );
    const numbers = Array.from({ length: IN_FLIGHT_PER_SUBSCRIBER }, (_, n) => n);
    for (const id of organizations)
      await writeEvents(
        app,
        id,
        numbers.map((n) => workEvent(n)),
      );
    const all = organizations.length * numbers.length;
    expect(all).toBeGreaterThan(2 * PUBLISH_LIMIT);
    expect(await sweepDeliveries(app.services)).toMatchObject({ published: all });
    expect(takeWakeups()).toHaveLength(all);
  });

  it('sends a lost wakeup again when its lease has expired, not before', async () => {
    await writeEvents(app, organizationId, [workEvent(1)]);
    await publish(app.services, [organizationId]);
    const lost = takeWakeups();
    app.clock.advanceSeconds(299);
    expect(await sweepDeliveries(app.services)).toMatchObject({ released: 0, published: 0 });
    app.clock.advanceSeconds(1);
    expect(await sweepDeliveries(app.services)).toMatchObject({ released: 1, published: 1 });
    const worker = createWorker();
    await consume([...takeWakeups(), ...lost], worker);
    expect(worker.handled).toEqual([1]);
  });

  it('gives the work of a dead consumer to another, which continues counting attempts', async () => {
    await writeEvents(app, organizationId, [workEvent(1, 'a'), workEvent(2, 'a')]);
    await publish(app.services, [organizationId]);
    let crash = () => undefined as void;
    const crashing = createWorker(() => new Promise<void>((resolve) => (crash = resolve)));
    const abandoned = consume(takeWakeups(), crashing);
    await expect.poll(() => crashing.handled).toEqual([1]);
    expect(await statuses()).toEqual(['running', 'pending']);
    app.clock.advanceSeconds(60);
    expect(await sweepDeliveries(app.services)).toMatchObject({ released: 1, published: 1 });
    const { subscriptions, handled } = createWorker();
    await app.drain(subscriptions);
    expect(handled).toEqual([1, 2]);
    expect((await listDeliveries(app, organizationId))[0]).toMatchObject({ status: 'done', attempts: 2 });
    crash();
    expect(await abandoned).toMatchObject([{ outcome: 'overtaken' }]);
    expect(await statuses()).toEqual(['done', 'done']);
  });

  it('ends a delivery that kills its consumer every time as a dead letter', async () => {
    await writeEvents(app, organizationId, [workEvent(1)]);
    const last = createWorker(undefined, { maxAttempts: 2 });
    const releases: (() => void)[] = [];
    const killed = createWorker(() => new Promise<void>((resolve) => void releases.push(resolve)), {
      maxAttempts: 2,
    });
    const abandoned: Promise<unknown>[] = [];
    for (let attempt = 1; attempt <= 2; attempt++) {
      await sweepDeliveries(app.services);
      abandoned.push(consume(takeWakeups(), killed));
      await expect.poll(() => killed.handled).toHaveLength(attempt);
      app.clock.advanceSeconds(60);
    }
    await sweepDeliveries(app.services);
    await consume(takeWakeups(), last);
    expect(last.handled).toEqual([]);
    expect((await listDeliveries(app, organizationId))[0]).toMatchObject({
      status: 'dead',
      lastError: 'DeliveryError: attempt 2 of 2 ended without reporting',
    });
    releases.forEach((release) => release());
    await Promise.all(abandoned);
  });

  it('deletes events published seven days ago whose deliveries are done, and keeps dead letters', async () => {
    const failing = createWorker(
      (_ctx, { n }) => {
        if (n === 2) throw new Error('never');
      },
      { maxAttempts: 1 },
    );
    await writeEvents(app, organizationId, [workEvent(1), workEvent(2)]);
    await app.drain(failing.subscriptions);
    app.clock.advanceSeconds(7 * 86_400);
    expect(await sweepDeliveries(app.services)).toMatchObject({ deleted: 0 });
    app.clock.advanceSeconds(1);
    expect(await sweepDeliveries(app.services)).toMatchObject({ deleted: 1 });
    expect(await statuses()).toEqual(['dead']);
    expect(await listEvents(app, organizationId)).toHaveLength(1);
  });

  it('takes back what the queue gave up on', async () => {
    await writeEvents(app, organizationId, [workEvent(1), workEvent(2)]);
    await publish(app.services, [organizationId]);
    expect(await returnWakeups(app.services, takeWakeups(1))).toBe(1);
    expect(await statuses()).toEqual(['pending', 'published']);
    expect(await sweepDeliveries(app.services)).toMatchObject({ published: 1 });
  });
});

describe('fairness', () => {
  /** What one organization, and one subscriber in it, may put before everybody else. */
  const IN_FLIGHT = 20;
  const IN_FLIGHT_OF_SUBSCRIBER = 10;

  const AT_A_TIME = 1_000;
  const flood = async (count: number) => {
    const now = new Date(app.clock.now()).toISOString();
    for (let from = 1; from <= count; from += AT_A_TIME)
      await app.services.database.commit(systemScope, (q) => [
        q.execute(sql`
          insert into outbox (id, organization_id, type, key, payload, traceparent, available_at, created_at)
          select 'evt_' || md5(n::text || ${organizationId}), ${organizationId}, 'test.work', 'key-' || n,
            jsonb_build_object('n', n), '', ${now}::timestamptz, now()
          from generate_series(${from}::int, ${Math.min(from + AT_A_TIME - 1, count)}::int) n`),
      ]);
  };

  /** Consumes as the queue delivers, first in, first out, until the wanted event was handled; how many wakeups that took. */
  const drainUntil = async (wantedNumber: number): Promise<number> => {
    const worker = createWorker();
    while (!worker.handled.includes(wantedNumber)) {
      const batch = takeWakeups(IN_FLIGHT);
      if (batch.length === 0) throw new Error('the queue ran dry');
      for (const wakeup of batch) await consume([wakeup], worker);
      await publish(app.services, [organizationId]);
    }
    return worker.handled.indexOf(wantedNumber) + 1;
  };

  it.each(['a publication', 'the sweep'])(
    'ten thousand events of one organization delay the single event of another, published by %s, by at most 20',
    async (how) => {
      const other = await app.person();
      await flood(10_000);
      await publish(app.services, [organizationId]);
      await writeEvents(app, other.organizationId, [workEvent(-1)]);
      await (how === 'a publication'
        ? publish(app.services, [other.organizationId])
        : sweepDeliveries(app.services));
      expect(await drainUntil(-1)).toBeLessThanOrEqual(IN_FLIGHT + 1);
    },
  );

  it("a key that is stuck with a long backlog delays its organization's other keys until the sweep at most", async () => {
    await writeEvents(
      app,
      organizationId,
      Array.from({ length: 250 }, (_, n) => workEvent(n, 'stuck')),
    );
    await writeEvents(app, organizationId, [workEvent(-1, 'other')]);
    await publish(app.services, [organizationId]);
    expect(takeWakeups()).toHaveLength(1);
    expect(await sweepDeliveries(app.services)).toMatchObject({ published: 1 });
    const worker = createWorker();
    await consume(takeWakeups(), worker);
    expect(worker.handled).toEqual([-1]);
  });

  it('a backlog flows from batch to batch without the sweep, within the limits in flight', async () => {
    const [first, second] = [createWorker(), createWorker(undefined, {}, 'test.other')];
    deploy(app, first, second);
    await flood(100);
    await publish(app.services, [organizationId]);
    for (let batch = takeWakeups(10); batch.length > 0; batch = takeWakeups(10)) {
      const inFlight = [...app.queue.wakeups, ...batch].map((wakeup) => ('id' in wakeup ? wakeup.id : ''));
      expect(inFlight.length).toBeLessThanOrEqual(IN_FLIGHT);
      expect(inFlight.filter((id) => id.endsWith('.test.other')).length).toBeLessThanOrEqual(
        IN_FLIGHT_OF_SUBSCRIBER,
      );
      await Promise.all(batch.map((wakeup) => deliver(app.services, wakeup)));
      await publish(app.services, [organizationId]);
    }
    expect([new Set(first.handled).size, new Set(second.handled).size]).toEqual([100, 100]);
  });
});

it('a failing scheduled task does not affect the others', async () => {
  const ran: string[] = [];
  const entry = (name: string, everyMinutes: number, fails = false) => ({
    name,
    everyMinutes,
    run: async () => {
      ran.push(name);
      if (fails) throw new Error('broken');
    },
  });
  const entries = [entry('broken', 1, true), entry('each minute', 1), entry('hourly', 60)];
  await runCron(app.services, 61 * 60_000, () => undefined, entries);
  expect(ran).toEqual(['broken', 'each minute']);
  await runCron(app.services, 120 * 60_000, () => undefined, entries);
  expect(ran.slice(2)).toEqual(['broken', 'each minute', 'hourly']);
  expect(app.log.filter(({ event }) => event === 'cron.run').map(({ level }) => level)).toContain('error');
});
