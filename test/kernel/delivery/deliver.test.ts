import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { deliver, publish } from '../../../src/kernel/delivery/index.ts';
import { systemScope } from '../../../src/kernel/context/index.ts';
import { PermanentFailure } from '../../../src/kernel/core/index.ts';
import { outbox } from '../../../src/kernel/events/index.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { writeEvents, listOutboxRows, workEvent, createWorkSubscription } from './support.ts';

let app: TestApp;
let organizationId: string;

const statuses = async () => (await listOutboxRows(app, organizationId)).map((row) => row.status);

beforeEach(async () => {
  app = createTestApp();
  ({ organizationId } = await app.person());
});

describe('order', () => {
  it('is kept within a key, also within one commit; one at a time', async () => {
    const numbers = Array.from({ length: 6 }, (_, n) => n);
    await writeEvents(
      app,
      organizationId,
      numbers.map((n) => workEvent(n, 'same')),
    );
    const { subscriptions, handled } = createWorkSubscription();
    expect(await publish(app.services, [organizationId])).toBe(1);
    expect(await publish(app.services, [organizationId])).toBe(0);
    await app.drain(subscriptions);
    expect(handled).toEqual(numbers);
  });

  it('of a key waits for a retry, while other keys go on; a dead letter holds nobody up', async () => {
    await writeEvents(app, organizationId, [workEvent(1, 'a'), workEvent(2, 'a'), workEvent(3, 'b')]);
    const { subscriptions, handled } = createWorkSubscription(
      (_ctx, { n }) => {
        if (n === 1) throw new Error('not today');
      },
      { maxAttempts: 2 },
    );
    await app.drain(subscriptions);
    expect(new Set(handled)).toEqual(new Set([1, 3]));
    expect(await statuses()).toEqual(['pending', 'pending', 'done']);
    app.clock.advanceSeconds(3_600);
    await app.drain(subscriptions);
    expect(await statuses()).toEqual(['dead', 'done', 'done']);
  });

  it('holds successors back while the first of the key waits for its time', async () => {
    const availableAtMs = app.clock.now() + 60_000;
    await writeEvents(app, organizationId, [{ ...workEvent(1, 'a'), availableAtMs }, workEvent(2, 'a')]);
    const { subscriptions, handled } = createWorkSubscription();
    await app.drain(subscriptions);
    expect(handled).toEqual([]);
    app.clock.advanceSeconds(60);
    await app.drain(subscriptions);
    expect(handled).toEqual([1, 2]);
  });
});

describe('failure', () => {
  it('is retried with growing delays and ends as a dead letter with its reason', async () => {
    await writeEvents(app, organizationId, [workEvent(1)]);
    const { subscriptions, handled } = createWorkSubscription(() => {
      throw new TypeError('upstream said no: api_key=abc123 Bearer abcdef123456');
    });
    const delays: number[] = [];
    for (let attempt = 1; attempt <= 8; attempt++) {
      await app.drain(subscriptions);
      const [row] = await listOutboxRows(app, organizationId);
      expect(row!.attempts).toBe(attempt);
      if (row!.status === 'pending') delays.push((row!.availableAt.getTime() - app.clock.now()) / 1000);
      app.clock.advanceSeconds(3_600);
    }
    delays.forEach((delay, index) => {
      expect(delay).toBeGreaterThanOrEqual(2.5 * 2 ** index);
      expect(delay).toBeLessThanOrEqual(5 * 2 ** index);
    });
    expect(handled).toHaveLength(8);
    const [row] = await listOutboxRows(app, organizationId);
    expect(row).toMatchObject({ status: 'dead', leaseUntil: null });
    expect(row!.lastError).toBe('TypeError: upstream said no: api_key=[redacted] Bearer [redacted]');
  });

  it('keeps the stack for the log', async () => {
    await writeEvents(app, organizationId, [workEvent(1)]);
    await app.drain(
      createWorkSubscription(() => {
        throw new Error('broken');
      }).subscriptions,
    );
    const [row] = await listOutboxRows(app, organizationId);
    const line = app.log.find(
      ({ event, fields }) => event === 'outbox.message' && fields.requestId === row!.id,
    );
    expect(line).toMatchObject({
      level: 'error',
      fields: { type: 'test.work', organizationId, attempt: 1, outcome: 'retried' },
    });
    expect((line!.fields.error as Error).stack).toContain('broken');
  });

  it('of its time limit is given up on and retried', async () => {
    await writeEvents(app, organizationId, [workEvent(1)]);
    await app.drain(
      createWorkSubscription(() => new Promise(() => undefined), { timeLimitSeconds: 0.02 }).subscriptions,
    );
    const [row] = await listOutboxRows(app, organizationId);
    expect(row).toMatchObject({ status: 'pending', lastError: 'JobError: took longer than 0.02 s' });
  });

  it('that will not pass is a dead letter at once', async () => {
    await writeEvents(app, organizationId, [workEvent(1)]);
    const { subscriptions, handled } = createWorkSubscription(() => {
      throw new PermanentFailure('no such mailbox');
    });
    await app.drain(subscriptions);
    expect(handled).toHaveLength(1);
    const [row] = await listOutboxRows(app, organizationId);
    expect(row).toMatchObject({
      status: 'dead',
      attempts: 1,
      lastError: 'PermanentFailure: no such mailbox',
    });
  });

  it('by an undeclared type or a payload that does not parse is a dead letter at once', async () => {
    await writeEvents(app, organizationId, [
      { type: 'test.unheard_of', key: 'a', payload: {} },
      { type: 'test.work', key: 'b', payload: { n: 'one' } },
      workEvent(3),
    ]);
    const { subscriptions, handled } = createWorkSubscription();
    await app.drain(subscriptions);
    expect(handled).toEqual([3]);
    const [unknown, malformed, good] = await listOutboxRows(app, organizationId);
    expect(unknown).toMatchObject({
      status: 'dead',
      lastError: 'JobError: no job is declared for test.unheard_of',
    });
    expect(malformed!.status).toBe('dead');
    expect(malformed!.lastError).toContain('expected number');
    expect(good!.status).toBe('done');
  });
});

describe('a ticket', () => {
  it('that comes twice or late is ignored', async () => {
    await writeEvents(app, organizationId, [workEvent(1)]);
    const { subscriptions, handled } = createWorkSubscription();
    await publish(app.services, [organizationId]);
    const [ticket] = app.queue.wakeups;
    const both = await Promise.all([1, 2].map(() => deliver(app.services, subscriptions, ticket!)));
    expect(both.map(({ outcome }) => outcome).sort()).toEqual(['done', 'ignored']);
    expect((await deliver(app.services, subscriptions, ticket!)).outcome).toBe('ignored');
    expect((await deliver(app.services, subscriptions, { id: 'evt_unknown' })).outcome).toBe('ignored');
    expect(handled).toEqual([1]);
  });

  it('is sent once by publishers that race', async () => {
    await writeEvents(
      app,
      organizationId,
      Array.from({ length: 30 }, (_, n) => workEvent(n)),
    );
    const sent = await Promise.all(Array.from({ length: 6 }, () => publish(app.services, [organizationId])));
    expect(sent.reduce((sum, each) => sum + each, 0)).toBe(20);
    expect(new Set(app.queue.wakeups.map(({ id }) => id)).size).toBe(20);
  });

  it('that the queue refuses leaves its row waiting', async () => {
    await writeEvents(app, organizationId, [workEvent(1)]);
    app.queue.down = true;
    await expect(publish(app.services, [organizationId])).rejects.toThrow('the queue is down');
    app.queue.down = false;
    expect(await statuses()).toEqual(['pending']);
    expect(await publish(app.services, [organizationId])).toBe(1);
  });
});

describe('a job', () => {
  it('acts as the system within its organization, in the trace of what caused it', async () => {
    await writeEvents(app, organizationId, [workEvent(1)]);
    const [row] = await listOutboxRows(app, organizationId);
    const seen: unknown[] = [];
    await app.drain(
      createWorkSubscription((ctx, _payload, delivery) => {
        seen.push(ctx.actor, ctx.origin.requestId, ctx.origin.traceparent.slice(0, 36), delivery);
      }).subscriptions,
    );
    expect(seen).toEqual([
      { kind: 'system', name: 'test.work', organizationId },
      row!.id,
      '00-11111111111111111111111111111111-',
      { id: row!.id, attempt: 1 },
    ]);
  });

  it('may ask for more, which follows without a sweep', async () => {
    await writeEvents(app, organizationId, [workEvent(1)]);
    const { subscriptions, handled } = createWorkSubscription(async (ctx, { n }) => {
      if (n < 3) await ctx.commit({ write: () => [], events: [workEvent(n + 1)], result: undefined });
    });
    await app.drain(subscriptions);
    expect(handled).toEqual([1, 2, 3]);
  });

  it('whose end comes after its lease does not overwrite what others did', async () => {
    await writeEvents(app, organizationId, [workEvent(1)]);
    await publish(app.services, [organizationId]);
    const slow = createWorkSubscription(async (ctx) => {
      // Meanwhile the row changes hands: another consumer begins an attempt of its own.
      await ctx.database.commit(systemScope, (q) => [
        q.update(outbox).set({ attempts: 2 }).where(eq(outbox.organizationId, organizationId)),
      ]);
    });
    const [ticket] = app.queue.wakeups;
    expect((await deliver(app.services, slow.subscriptions, ticket!)).outcome).toBe('overtaken');
    expect(await statuses()).toEqual(['running']);
  });
});

describe('an effect', () => {
  it('exists exactly when its change does', async () => {
    const owner = await app.person();
    const path = `/api/v1/organizations/${owner.organizationId}`;
    const change = (name: string) =>
      app.send('PATCH', path, { token: owner.token, body: { name }, headers: { 'if-match': '"1"' } });
    expect((await change('First')).status).toBe(200);
    expect((await change('Second')).status).toBe(412);
    const slug = `taken-${crypto.randomUUID()}`;
    await app.send('POST', '/api/v1/organizations', { token: owner.token, body: { name: 'A', slug } });
    const taken = await app.send('PATCH', path, { token: owner.token, body: { slug } });
    expect(taken.status).toBe(409);
    const rows = await listOutboxRows(app, owner.organizationId);
    expect(rows.map(({ type }) => type)).toEqual(['organization.updated']);
    await app.drain();
    expect((await listOutboxRows(app, owner.organizationId))[0]).toMatchObject({
      status: 'done',
      attempts: 1,
    });
  });
});
