/** The version before deliveries beside this one, on the new schema. Goes with `events/previous-version.queries.ts`. */
import { sql } from 'drizzle-orm';
import { beforeEach, expect, it } from 'vitest';
import { openCtx, systemScope } from '../../../src/kernel/context/index.ts';
import { deliver, publish, reopenDeliveries, sweepDeliveries } from '../../../src/kernel/delivery/index.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { ownerSql } from '../../contract/sql.ts';
import { createWorker, deploy, listDeliveries, listEvents, workEvent, writeEvents } from './support.ts';

let app: TestApp;
let organizationId: string;
let worker: ReturnType<typeof createWorker>;

beforeEach(async () => {
  app = createTestApp();
  for (const table of [sql`deliveries`, sql`outbox`])
    await app.services.database.commit(systemScope, (q) => [q.execute(sql`delete from ${table}`)]);
  ({ organizationId } = await app.person());
  worker = createWorker();
  deploy(app, worker);
});

const isoIn = (seconds: number) => new Date(app.clock.now() + seconds * 1000).toISOString();

/** Commits as the previous version did: Drizzle named every column, those that only that version knows among them. */
async function writeAsBefore(n: number, key = `key-${n}`): Promise<string> {
  const id = app.services.ids.create('outbox');
  const ctx = openCtx(app.services, {
    actor: { kind: 'system', name: 'test', organizationId },
    keepAlive: () => undefined,
    onEvents: () => undefined,
  });
  await ctx.commit({
    write: (q) => [
      q.execute(sql`
        insert into "outbox" ("id", "organization_id", "type", "key", "payload", "traceparent", "status", "attempts",
          "available_at", "lease_until", "last_error", "created_at", "finished_at")
        values (${id}, ${organizationId}, 'test.work', ${key}, ${JSON.stringify({ n })}::jsonb, '', default, default,
          ${isoIn(0)}::timestamptz, default, default, ${isoIn(0)}::timestamptz, default)`),
    ],
    result: undefined,
  });
  return id;
}

it('an event that the previous version commits is delivered', async () => {
  await writeAsBefore(1);
  await sweepDeliveries(app.services);
  await app.drain();
  expect(worker.handled).toEqual([1]);
});

it('an event that the previous version commits finds its publication too', async () => {
  await writeAsBefore(1);
  await publish(app.services, [organizationId]);
  await app.drain();
  expect(worker.handled).toEqual([1]);
});

it.each([
  ['published', 300],
  ['running', 60],
])('an event that it has %s is taken over when its lease expires, and once', async (status, leaseSeconds) => {
  const id = await writeAsBefore(1);
  const take = `update outbox set status = $1, attempts = 1, lease_until = $2 where id = $3`;
  await ownerSql(take, [status, isoIn(leaseSeconds), id]);
  expect(await deliver(app.services, { id })).toMatchObject({ outcome: 'ignored' });
  app.clock.advanceSeconds(leaseSeconds - 1);
  await sweepDeliveries(app.services);
  await app.drain();
  expect(worker.handled).toEqual([]);
  app.clock.advanceSeconds(1);
  await sweepDeliveries(app.services);
  await sweepDeliveries(app.services);
  await app.drain();
  expect(worker.handled).toEqual([1]);
  const late = `update outbox set status = 'done' where id = $1 and status = 'running' and attempts = 1 returning id`;
  expect(await ownerSql(late, [id])).toEqual([]);
});

it('an event that it has finished is not delivered again, and is deleted after seven days', async () => {
  const id = await writeAsBefore(1);
  await ownerSql(`update outbox set status = 'done', finished_at = $1 where id = $2`, [isoIn(0), id]);
  await sweepDeliveries(app.services);
  await app.drain();
  expect(worker.handled).toEqual([]);
  app.clock.advanceSeconds(7 * 86_400);
  expect(await sweepDeliveries(app.services)).toMatchObject({ deleted: 0 });
  app.clock.advanceSeconds(1);
  expect(await sweepDeliveries(app.services)).toMatchObject({ deleted: 1 });
});

it('a dead letter of it is one of each subscriber, which a replay reaches', async () => {
  const id = await writeAsBefore(1);
  const end = `update outbox set status = 'dead', attempts = 8, last_error = 'it failed', finished_at = $1 where id = $2`;
  await ownerSql(end, [isoIn(0), id]);
  const other = createWorker(undefined, {}, 'test.other');
  deploy(app, worker, other);
  await sweepDeliveries(app.services);
  await sweepDeliveries(app.services);
  const dead = await listDeliveries(app, organizationId);
  expect(dead).toMatchObject([
    { subscriber: 'test.other', status: 'dead', attempts: 8, lastError: 'it failed' },
    { subscriber: 'test.worker', status: 'dead', attempts: 8, lastError: 'it failed' },
  ]);
  await app.services.database.commit(systemScope, (q) => [
    reopenDeliveries(q, [dead[1]!.id], new Date(app.clock.now())),
  ]);
  await publish(app.services, [organizationId]);
  await app.drain();
  expect([worker.handled, other.handled]).toEqual([[1], []]);
});

it('a dead letter of a type without a subscriber is kept as well', async () => {
  const id = await writeAsBefore(1);
  await ownerSql(`update outbox set status = 'dead', finished_at = $1 where id = $2`, [isoIn(0), id]);
  deploy(app);
  await sweepDeliveries(app.services);
  expect(await listDeliveries(app, organizationId)).toMatchObject([
    { subscriber: 'unknown', status: 'dead' },
  ]);
});

it('an event that this version publishes does not count as in flight for it, and does not hold back the key', async () => {
  await writeEvents(app, organizationId, [workEvent(1, 'key')]);
  await publish(app.services, [organizationId]);
  await writeAsBefore(2, 'key');
  const rows = await listEvents(app, organizationId);
  expect(rows.map(({ status, leaseUntil }) => [status, leaseUntil])).toEqual([
    ['done', null],
    ['pending', null],
  ]);
});
