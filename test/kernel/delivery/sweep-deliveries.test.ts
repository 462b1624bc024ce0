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
import type { Subscription } from '../../../src/kernel/events/index.ts';
import { runCron } from '../../../workers/cron.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { writeEvents, listOutboxRows, workEvent, createWorkSubscription } from './support.ts';

let app: TestApp;
let organizationId: string;

beforeEach(async () => {
  app = createTestApp();
  // The sweep takes what it finds in every organization, also of the test before.
  await app.services.database.commit(systemScope, (q) => [q.execute(sql`delete from outbox`)]);
  ({ organizationId } = await app.person());
});

const takeWakeups = (count = Infinity): Wakeup[] => app.queue.wakeups.splice(0, count);
const consume = (wakeups: Wakeup[], subscriptions: Subscription[]) =>
  Promise.all(wakeups.map((wakeup) => deliver(app.services, subscriptions, wakeup)));
const statuses = async () => (await listOutboxRows(app, organizationId)).map(({ status }) => status);

describe('the sweep', () => {
  it('publishes what a lost poke left behind, in every organization, and what has become due', async () => {
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

  it('sends a lost ticket anew when its lease has run out, not before', async () => {
    await writeEvents(app, organizationId, [workEvent(1)]);
    await publish(app.services, [organizationId]);
    const lost = takeWakeups();
    app.clock.advanceSeconds(299);
    expect(await sweepDeliveries(app.services)).toMatchObject({ released: 0, published: 0 });
    app.clock.advanceSeconds(1);
    expect(await sweepDeliveries(app.services)).toMatchObject({ released: 1, published: 1 });
    const { subscriptions, handled } = createWorkSubscription();
    await consume([...takeWakeups(), ...lost], subscriptions);
    expect(handled).toEqual([1]);
  });

  it('gives the work of a dead consumer to another, which goes on counting attempts', async () => {
    await writeEvents(app, organizationId, [workEvent(1, 'a'), workEvent(2, 'a')]);
    await publish(app.services, [organizationId]);
    let crash = () => undefined as void;
    const crashing = createWorkSubscription(() => new Promise<void>((resolve) => (crash = resolve)));
    const abandoned = consume(takeWakeups(), crashing.subscriptions);
    await expect.poll(() => crashing.handled).toEqual([1]);
    expect(await statuses()).toEqual(['running', 'pending']);
    app.clock.advanceSeconds(60);
    expect(await sweepDeliveries(app.services)).toMatchObject({ released: 1, published: 1 });
    const { subscriptions, handled } = createWorkSubscription();
    await app.drain(subscriptions);
    expect(handled).toEqual([1, 2]);
    expect((await listOutboxRows(app, organizationId))[0]).toMatchObject({ status: 'done', attempts: 2 });
    crash();
    expect(await abandoned).toMatchObject([{ outcome: 'overtaken' }]);
    expect(await statuses()).toEqual(['done', 'done']);
  });

  it('lets a message that kills its consumer every time end as a dead letter', async () => {
    await writeEvents(app, organizationId, [workEvent(1)]);
    const { subscriptions, handled } = createWorkSubscription(undefined, { maxAttempts: 2 });
    const bury: (() => void)[] = [];
    const killed = createWorkSubscription(() => new Promise<void>((resolve) => void bury.push(resolve)), {
      maxAttempts: 2,
    });
    const abandoned: Promise<unknown>[] = [];
    for (let attempt = 1; attempt <= 2; attempt++) {
      await sweepDeliveries(app.services);
      abandoned.push(consume(takeWakeups(), killed.subscriptions));
      await expect.poll(() => killed.handled).toHaveLength(attempt);
      app.clock.advanceSeconds(60);
    }
    await sweepDeliveries(app.services);
    await consume(takeWakeups(), subscriptions);
    expect(handled).toEqual([]);
    expect((await listOutboxRows(app, organizationId))[0]).toMatchObject({
      status: 'dead',
      lastError: 'JobError: attempt 2 of 2 ended without a word',
    });
    bury.forEach((release) => release());
    await Promise.all(abandoned);
  });

  it('deletes what has been done for seven days', async () => {
    await writeEvents(app, organizationId, [workEvent(1)]);
    await app.drain(createWorkSubscription().subscriptions);
    app.clock.advanceSeconds(7 * 86_400);
    expect(await sweepDeliveries(app.services)).toMatchObject({ deleted: 0 });
    app.clock.advanceSeconds(1);
    expect(await sweepDeliveries(app.services)).toMatchObject({ deleted: 1 });
    expect(await statuses()).toEqual([]);
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
  /** What one organization may put before everyone else. */
  const IN_FLIGHT = 20;

  const flood = (count: number) =>
    app.services.database.commit(systemScope, (q) => [
      q.execute(sql`
        insert into outbox (id, organization_id, type, key, payload, traceparent, available_at, created_at)
        select 'evt_' || md5(n::text || ${organizationId}), ${organizationId}, 'test.work', 'key-' || n,
          jsonb_build_object('n', n), '', ${new Date(app.clock.now()).toISOString()}::timestamptz, now()
        from generate_series(1, ${count}::int) n`),
    ]);

  /** Consumes as the queue delivers, first in, first out, until the wanted job has run; how many tickets that took. */
  const drainUntil = async (wantedNumber: number): Promise<number> => {
    const { subscriptions, handled } = createWorkSubscription();
    while (!handled.includes(wantedNumber)) {
      const batch = takeWakeups(IN_FLIGHT);
      if (batch.length === 0) throw new Error('the queue ran dry');
      for (const wakeup of batch) await consume([wakeup], subscriptions);
      await publish(app.services, [organizationId]);
    }
    return handled.indexOf(wantedNumber) + 1;
  };

  it.each(['a poke', 'the sweep'])(
    'ten thousand jobs of one organization delay the single job of another, published by %s, by at most 20',
    async (how) => {
      const other = await app.person();
      await flood(10_000);
      await publish(app.services, [organizationId]);
      await writeEvents(app, other.organizationId, [workEvent(-1)]);
      await (how === 'a poke'
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
    const { subscriptions, handled } = createWorkSubscription();
    await consume(takeWakeups(), subscriptions);
    expect(handled).toEqual([-1]);
  });

  it('a backlog flows from batch to batch without the sweep, never more than 20 at a time', async () => {
    await flood(100);
    await publish(app.services, [organizationId]);
    const { subscriptions, handled } = createWorkSubscription();
    for (let batch = takeWakeups(10); batch.length > 0; batch = takeWakeups(10)) {
      expect(app.queue.wakeups.length + batch.length).toBeLessThanOrEqual(IN_FLIGHT);
      await consume(batch, subscriptions);
      await publish(app.services, [organizationId]);
    }
    expect(new Set(handled).size).toBe(100);
  });
});

it('the failure of one piece of regular work leaves the others alone', async () => {
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
