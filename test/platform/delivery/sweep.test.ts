import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemScope } from '../../../src/platform/context/index.ts';
import {
  consumeTicket,
  publish,
  returnTickets,
  sweepOutbox,
  type Ticket,
} from '../../../src/platform/delivery/index.ts';
import type { Job } from '../../../src/platform/outbox/index.ts';
import { runCron } from '../../../workers/cron.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { startTestDatabase, type TestDatabase } from '../../support/database.ts';
import { emit, rowsOf, work, worker } from './support.ts';

// A database of its own: the sweep takes what it finds in every organization.
let database: TestDatabase;
let app: TestApp;
let organizationId: string;

beforeAll(async () => {
  database = await startTestDatabase();
});
afterAll(() => database.close());

beforeEach(async () => {
  app = createTestApp({}, { NEON_LOCAL_ENDPOINT: database.url, DATABASE_URL: database.connectionString });
  await app.services.database.commit(systemScope, (q) => [q.execute(sql`delete from outbox`)]);
  ({ organizationId } = await app.person());
});

const takeTickets = (count = Infinity): Ticket[] => app.queue.tickets.splice(0, count);
const consume = (tickets: Ticket[], jobs: Job[]) =>
  Promise.all(tickets.map((ticket) => consumeTicket(app.services, jobs, ticket)));
const statuses = async () => (await rowsOf(app, organizationId)).map(({ status }) => status);

describe('the sweep', () => {
  it('publishes what a lost poke left behind, in every organization, and what has become due', async () => {
    const other = await app.person();
    await emit(app, organizationId, [work(1), { ...work(2), availableAtMs: app.clock.now() + 30_000 }]);
    await emit(app, other.organizationId, [work(3)]);
    expect(await sweepOutbox(app.services)).toMatchObject({ published: 2 });
    app.clock.advanceSeconds(30);
    expect(await sweepOutbox(app.services)).toMatchObject({ published: 1 });
  });

  it('sends a lost ticket anew when its lease has run out, not before', async () => {
    await emit(app, organizationId, [work(1)]);
    await publish(app.services, [organizationId]);
    const lost = takeTickets();
    app.clock.advanceSeconds(299);
    expect(await sweepOutbox(app.services)).toMatchObject({ released: 0, published: 0 });
    app.clock.advanceSeconds(1);
    expect(await sweepOutbox(app.services)).toMatchObject({ released: 1, published: 1 });
    const { jobs, did } = worker();
    await consume([...takeTickets(), ...lost], jobs);
    expect(did).toEqual([1]);
  });

  it('gives the work of a dead consumer to another, which goes on counting attempts', async () => {
    await emit(app, organizationId, [work(1, 'a'), work(2, 'a')]);
    await publish(app.services, [organizationId]);
    let crash = () => undefined as void;
    const crashing = worker(() => new Promise<void>((resolve) => (crash = resolve)));
    const abandoned = consume(takeTickets(), crashing.jobs);
    await expect.poll(() => crashing.did).toEqual([1]);
    expect(await statuses()).toEqual(['running', 'pending']);
    app.clock.advanceSeconds(60);
    expect(await sweepOutbox(app.services)).toMatchObject({ released: 1, published: 1 });
    const { jobs, did } = worker();
    await app.drain(jobs);
    expect(did).toEqual([1, 2]);
    expect((await rowsOf(app, organizationId))[0]).toMatchObject({ status: 'done', attempts: 2 });
    crash();
    expect(await abandoned).toMatchObject([{ outcome: 'overtaken' }]);
    expect(await statuses()).toEqual(['done', 'done']);
  });

  it('lets a message that kills its consumer every time end as a dead letter', async () => {
    await emit(app, organizationId, [work(1)]);
    const { jobs, did } = worker(undefined, { maxAttempts: 2 });
    const bury: (() => void)[] = [];
    const killed = worker(() => new Promise<void>((resolve) => void bury.push(resolve)), { maxAttempts: 2 });
    const abandoned: Promise<unknown>[] = [];
    for (let attempt = 1; attempt <= 2; attempt++) {
      await sweepOutbox(app.services);
      abandoned.push(consume(takeTickets(), killed.jobs));
      await expect.poll(() => killed.did).toHaveLength(attempt);
      app.clock.advanceSeconds(60);
    }
    await sweepOutbox(app.services);
    await consume(takeTickets(), jobs);
    expect(did).toEqual([]);
    expect((await rowsOf(app, organizationId))[0]).toMatchObject({
      status: 'dead',
      lastError: 'JobError: attempt 2 of 2 ended without a word',
    });
    bury.forEach((release) => release());
    await Promise.all(abandoned);
  });

  it('deletes what has been done for seven days', async () => {
    await emit(app, organizationId, [work(1)]);
    await app.drain(worker().jobs);
    app.clock.advanceSeconds(7 * 86_400);
    expect(await sweepOutbox(app.services)).toMatchObject({ deleted: 0 });
    app.clock.advanceSeconds(1);
    expect(await sweepOutbox(app.services)).toMatchObject({ deleted: 1 });
    expect(await statuses()).toEqual([]);
  });

  it('takes back what the queue gave up on', async () => {
    await emit(app, organizationId, [work(1), work(2)]);
    await publish(app.services, [organizationId]);
    expect(await returnTickets(app.services, takeTickets(1))).toBe(1);
    expect(await statuses()).toEqual(['pending', 'published']);
    expect(await sweepOutbox(app.services)).toMatchObject({ published: 1 });
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
  const drainUntil = async (wanted: number): Promise<number> => {
    const { jobs, did } = worker();
    while (!did.includes(wanted)) {
      const batch = takeTickets(IN_FLIGHT);
      if (batch.length === 0) throw new Error('the queue ran dry');
      for (const ticket of batch) await consume([ticket], jobs);
      await publish(app.services, [organizationId]);
    }
    return did.indexOf(wanted) + 1;
  };

  it.each(['a poke', 'the sweep'])(
    'ten thousand jobs of one organization delay the single job of another, published by %s, by at most 20',
    async (how) => {
      const other = await app.person();
      await flood(10_000);
      await publish(app.services, [organizationId]);
      await emit(app, other.organizationId, [work(-1)]);
      await (how === 'a poke' ? publish(app.services, [other.organizationId]) : sweepOutbox(app.services));
      expect(await drainUntil(-1)).toBeLessThanOrEqual(IN_FLIGHT + 1);
    },
  );

  it("a key that is stuck with a long backlog delays its organization's other keys until the sweep at most", async () => {
    await emit(
      app,
      organizationId,
      Array.from({ length: 250 }, (_, n) => work(n, 'stuck')),
    );
    await emit(app, organizationId, [work(-1, 'other')]);
    await publish(app.services, [organizationId]);
    expect(takeTickets()).toHaveLength(1);
    expect(await sweepOutbox(app.services)).toMatchObject({ published: 1 });
    const { jobs, did } = worker();
    await consume(takeTickets(), jobs);
    expect(did).toEqual([-1]);
  });

  it('a backlog flows from batch to batch without the sweep, never more than 20 at a time', async () => {
    await flood(100);
    await publish(app.services, [organizationId]);
    const { jobs, did } = worker();
    for (let batch = takeTickets(10); batch.length > 0; batch = takeTickets(10)) {
      expect(app.queue.tickets.length + batch.length).toBeLessThanOrEqual(IN_FLIGHT);
      await consume(batch, jobs);
      await publish(app.services, [organizationId]);
    }
    expect(new Set(did).size).toBe(100);
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
