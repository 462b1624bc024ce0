import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { systemScope } from '../../../src/kernel/context/index.ts';
import { PermanentFailure, requestErrors } from '../../../src/kernel/core/index.ts';
import { deliveries } from '../../../src/kernel/delivery/deliveries.tables.ts';
import { deliver, publish, subscribe } from '../../../src/kernel/delivery/index.ts';
import type { DomainEvent } from '../../../src/kernel/events/index.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import {
  createWorker,
  deploy,
  listDeliveries,
  listEvents,
  testWork,
  workEvent,
  writeEvents,
} from './support.ts';

let app: TestApp;
let organizationId: string;

const statuses = async () => (await listDeliveries(app, organizationId)).map((row) => row.status);
const write = (...events: DomainEvent[]) => writeEvents(app, organizationId, events);

beforeEach(async () => {
  app = createTestApp();
  ({ organizationId } = await app.person());
});

describe('order', () => {
  it('holds within a key, also within one commit; one delivery at a time', async () => {
    const numbers = Array.from({ length: 6 }, (_, n) => n);
    await write(...numbers.map((n) => workEvent(n, 'same')));
    const { subscriptions, handled } = createWorker();
    deploy(app, { subscriptions });
    expect(await publish(app.services, [organizationId])).toBe(1);
    expect(await publish(app.services, [organizationId])).toBe(0);
    await app.drain();
    expect(handled).toEqual(numbers);
  });

  it('of a key waits for a retry while other keys continue; a dead letter holds nothing back', async () => {
    await write(workEvent(1, 'a'), workEvent(2, 'a'), workEvent(3, 'b'));
    const { subscriptions, handled } = createWorker(
      (_ctx, { n }) => {
        if (n === 1) throw new Error('not today');
      },
      { maxAttempts: 2 },
    );
    await app.drain(subscriptions);
    expect(new Set(handled)).toEqual(new Set([1, 3]));
    expect(await statuses()).toEqual(['pending', 'pending', 'done']);
    app.clock.advanceSeconds(3_600);
    await app.drain();
    expect(await statuses()).toEqual(['dead', 'done', 'done']);
  });

  it('holds successors back while the first of the key waits for its time, which a delayed wakeup carries', async () => {
    const availableAtMs = app.clock.now() + 60_000;
    await write({ ...workEvent(1, 'a'), availableAtMs }, workEvent(2, 'a'));
    const { subscriptions, handled } = createWorker();
    await app.drain(subscriptions);
    expect(handled).toEqual([]);
    expect(app.queue.delayed).toEqual([{ wakeup: { partition: organizationId }, delaySeconds: 60 }]);
    app.clock.advanceSeconds(60);
    await app.drain();
    expect(handled).toEqual([1, 2]);
  });
});

describe('an event with several subscribers', () => {
  it('is delivered once to each of them', async () => {
    const [first, second] = [createWorker(), createWorker(undefined, {}, 'test.other')];
    deploy(app, first, second);
    await write(workEvent(1), workEvent(2));
    await app.drain();
    await app.drain();
    expect([first.handled.toSorted((a, b) => a - b), second.handled.toSorted((a, b) => a - b)]).toEqual([
      [1, 2],
      [1, 2],
    ]);
    const [event] = await listEvents(app, organizationId);
    expect((await listDeliveries(app, organizationId)).slice(0, 2).map(({ id }) => id)).toEqual([
      `${event!.id}.test.other`,
      `${event!.id}.test.worker`,
    ]);
  });

  it('fails for one of them alone: the others neither run again nor wait', async () => {
    const failing = createWorker(
      () => {
        throw new Error('not today');
      },
      { maxAttempts: 2 },
    );
    const working = createWorker(undefined, {}, 'test.other');
    deploy(app, failing, working);
    await write(workEvent(1, 'a'), workEvent(2, 'a'));
    await app.drain();
    expect(working.handled).toEqual([1, 2]);
    expect(failing.handled).toEqual([1]);
    app.clock.advanceSeconds(3_600);
    await app.drain();
    expect(failing.handled).toEqual([1, 1, 2]);
    expect(working.handled).toEqual([1, 2]);
  });

  it('costs no delivery where it has none', async () => {
    deploy(app);
    await write(workEvent(1));
    expect(await publish(app.services, [organizationId])).toBe(0);
    expect(await listDeliveries(app, organizationId)).toEqual([]);
    expect(await listEvents(app, organizationId)).toMatchObject([{ status: 'done' }]);
  });

  it('takes no more places of an organization than half for one that hangs', async () => {
    const hanging = createWorker(() => new Promise(() => undefined));
    const working = createWorker(undefined, {}, 'test.other');
    deploy(app, hanging, working);
    await write(...Array.from({ length: 30 }, (_, n) => workEvent(n)));
    await publish(app.services, [organizationId]);
    const wakeups = app.queue.wakeups.splice(0).map((wakeup) => ('id' in wakeup ? wakeup.id : ''));
    expect(wakeups.filter((id) => id.endsWith('.test.worker'))).toHaveLength(10);
    expect(wakeups.filter((id) => id.endsWith('.test.other'))).toHaveLength(10);
    for (let round = 0; round < 3; round++) {
      for (const id of wakeups.splice(0)) if (id.endsWith('.test.other')) await deliver(app.services, { id });
      await publish(app.services, [organizationId]);
      wakeups.push(...app.queue.wakeups.splice(0).map((wakeup) => ('id' in wakeup ? wakeup.id : '')));
    }
    expect(working.handled).toHaveLength(30);
  });
});

describe('failure', () => {
  it('is that a subscriber takes too long, which does not run again when its late commit is stale', async () => {
    const { promise: later, resolve: release } = Promise.withResolvers<void>();
    const { subscriptions, handled } = createWorker(
      async () => {
        await later;
        throw requestErrors.stale();
      },
      { timeLimitSeconds: 0.02 },
    );
    await write(workEvent(1));
    await app.drain(subscriptions);
    release();
    await new Promise(setImmediate);
    expect(handled).toEqual([1]);
    expect(await statuses()).toEqual(['pending']);
  });

  it('is not that others changed the row meanwhile: the subscriber runs again at once, up to four times', async () => {
    let stale = 3;
    const { subscriptions, handled } = createWorker(() => {
      if (stale-- > 0) throw requestErrors.stale();
    });
    await write(workEvent(1));
    await app.drain(subscriptions);
    expect(handled).toEqual([1, 1, 1, 1]);
    expect(await listDeliveries(app, organizationId)).toMatchObject([{ status: 'done', attempts: 1 }]);
    stale = 4;
    await write(workEvent(2));
    await app.drain();
    expect(handled.slice(4)).toEqual([2, 2, 2, 2]);
    expect((await statuses()).at(-1)).toBe('pending');
  });

  it('is retried with growing delays, which delayed wakeups carry, and ends as a dead letter with its reason', async () => {
    await write(workEvent(1));
    const { subscriptions, handled } = createWorker(() => {
      throw new TypeError('upstream said no: api_key=abc123 Bearer abcdef123456');
    });
    const delays: number[] = [];
    for (let attempt = 1; attempt <= 8; attempt++) {
      await app.drain(subscriptions);
      const [row] = await listDeliveries(app, organizationId);
      expect(row!.attempts).toBe(attempt);
      if (row!.status === 'pending') delays.push((row!.availableAt.getTime() - app.clock.now()) / 1000);
      app.clock.advanceSeconds(3_600);
    }
    delays.forEach((delay, index) => {
      expect(delay).toBeGreaterThanOrEqual(2.5 * 2 ** index);
      expect(delay).toBeLessThanOrEqual(5 * 2 ** index);
    });
    expect(app.queue.delayed).toEqual(
      delays.map((delay) => ({ wakeup: { partition: organizationId }, delaySeconds: Math.ceil(delay) })),
    );
    expect(handled).toHaveLength(8);
    const [row] = await listDeliveries(app, organizationId);
    expect(row).toMatchObject({ status: 'dead', leaseUntil: null });
    expect(row!.lastError).toBe('TypeError: upstream said no: api_key=[redacted] Bearer [redacted]');
  });

  it('is retried when its delayed wakeup comes, without a sweep', async () => {
    let isDown = true;
    const { subscriptions, handled } = createWorker(() => {
      if (isDown) throw new Error('not today');
    });
    await write(workEvent(1));
    await app.drain(subscriptions);
    isDown = false;
    const [{ wakeup, delaySeconds }] = app.queue.delayed as [TestApp['queue']['delayed'][number]];
    app.clock.advanceSeconds(delaySeconds);
    const { outcome, partitions } = await deliver(app.services, wakeup);
    expect({ outcome, partitions }).toEqual({ outcome: 'woken', partitions: [organizationId] });
    expect(await publish(app.services, partitions)).toBe(1);
    await app.drain();
    expect(handled).toEqual([1, 1]);
  });

  it('is retried by the sweep when the queue refused its delayed wakeup', async () => {
    const { subscriptions } = createWorker(() => {
      app.queue.down = true;
      throw new Error('not today');
    });
    await write(workEvent(1));
    await app.drain(subscriptions);
    expect(await statuses()).toEqual(['pending']);
    expect(app.log.map(({ event }) => event)).toContain('delivery.wakeup_failed');
  });

  it('keeps the stack for the log', async () => {
    await write(workEvent(1));
    await app.drain(
      createWorker(() => {
        throw new Error('broken');
      }).subscriptions,
    );
    const [row] = await listDeliveries(app, organizationId);
    const line = app.log.find(
      ({ event, fields }) => event === 'outbox.message' && fields.requestId === row!.id,
    );
    expect(line).toMatchObject({
      level: 'error',
      fields: {
        type: 'test.work',
        subscriber: 'test.worker',
        organizationId,
        attempt: 1,
        outcome: 'retried',
      },
    });
    expect((line!.fields.error as Error).stack).toContain('broken');
  });

  it('by its time limit is given up and retried', async () => {
    await write(workEvent(1));
    await app.drain(
      createWorker(() => new Promise(() => undefined), { timeLimitSeconds: 0.02 }).subscriptions,
    );
    const [row] = await listDeliveries(app, organizationId);
    expect(row).toMatchObject({ status: 'pending', lastError: 'DeliveryError: took longer than 0.02 s' });
  });

  it('that is permanent is a dead letter at once', async () => {
    await write(workEvent(1));
    const { subscriptions, handled } = createWorker(() => {
      throw new PermanentFailure('no such mailbox');
    });
    await app.drain(subscriptions);
    expect(handled).toHaveLength(1);
    const [row] = await listDeliveries(app, organizationId);
    expect(row).toMatchObject({
      status: 'dead',
      attempts: 1,
      lastError: 'PermanentFailure: no such mailbox',
    });
  });

  it('of a payload to parse is a dead letter at once', async () => {
    await write({ ...workEvent(2, 'b'), payload: { n: 'one' } }, workEvent(3));
    const { subscriptions, handled } = createWorker();
    await app.drain(subscriptions);
    expect(handled).toEqual([3]);
    const [malformed, good] = await listDeliveries(app, organizationId);
    expect(malformed!.status).toBe('dead');
    expect(malformed!.lastError).toContain('expected number');
    expect(good!.status).toBe('done');
  });
});

describe('a wakeup', () => {
  it('that comes twice or late is ignored', async () => {
    await write(workEvent(1));
    const worker = createWorker();
    deploy(app, worker);
    await publish(app.services, [organizationId]);
    const [wakeup] = app.queue.wakeups;
    const both = await Promise.all([1, 2].map(() => deliver(app.services, wakeup!)));
    expect(both.map(({ outcome }) => outcome).sort()).toEqual(['done', 'ignored']);
    expect((await deliver(app.services, wakeup!)).outcome).toBe('ignored');
    expect((await deliver(app.services, { id: 'evt_unknown.test.worker' })).outcome).toBe('ignored');
    expect(worker.handled).toEqual([1]);
  });

  it('is sent once by publishers that race', async () => {
    const [first, second] = [createWorker(), createWorker(undefined, {}, 'test.other')];
    deploy(app, first, second);
    await write(...Array.from({ length: 30 }, (_, n) => workEvent(n)));
    const sent = await Promise.all(Array.from({ length: 6 }, () => publish(app.services, [organizationId])));
    expect(sent.reduce((sum, each) => sum + each, 0)).toBe(20);
    expect(new Set(app.queue.wakeups.map((wakeup) => JSON.stringify(wakeup))).size).toBe(20);
    expect(await listDeliveries(app, organizationId)).toHaveLength(60);
  });

  it('that the queue refuses leaves its delivery waiting', async () => {
    deploy(app, createWorker());
    await write(workEvent(1));
    app.queue.down = true;
    await expect(publish(app.services, [organizationId])).rejects.toThrow('the queue is down');
    app.queue.down = false;
    expect(await statuses()).toEqual(['pending']);
    expect(await publish(app.services, [organizationId])).toBe(1);
  });
});

describe('a subscriber', () => {
  it('acts as the system within the organization, in the trace of what caused the event', async () => {
    await write(workEvent(1));
    const [event] = await listEvents(app, organizationId);
    const seen: unknown[] = [];
    await app.drain(
      createWorker((ctx, _payload, delivery) => {
        seen.push(ctx.actor, ctx.origin.requestId, ctx.origin.traceparent.slice(0, 36), delivery);
      }).subscriptions,
    );
    const id = `${event!.id}.test.worker`;
    expect(seen).toEqual([
      { kind: 'system', name: 'test.worker', organizationId },
      id,
      '00-11111111111111111111111111111111-',
      { id, eventId: event!.id, occurredAtMs: event!.createdAt.getTime(), attempt: 1 },
    ]);
  });

  it('may write events, which are delivered without a sweep', async () => {
    await write(workEvent(1));
    const { subscriptions, handled } = createWorker(async (ctx, { n }) => {
      if (n < 3) await ctx.commit({ write: () => [], events: [workEvent(n + 1)], result: undefined });
    });
    await app.drain(subscriptions);
    expect(handled).toEqual([1, 2, 3]);
  });

  it('whose end comes after its lease does not overwrite what others did', async () => {
    await write(workEvent(1));
    deploy(
      app,
      createWorker(async (ctx) => {
        // Meanwhile the delivery changes hands: another consumer begins an attempt of its own.
        await ctx.database.commit(systemScope, (q) => [
          q.update(deliveries).set({ attempts: 2 }).where(eq(deliveries.organizationId, organizationId)),
        ]);
      }),
    );
    await publish(app.services, [organizationId]);
    const [wakeup] = app.queue.wakeups;
    expect((await deliver(app.services, wakeup!)).outcome).toBe('overtaken');
    expect(await statuses()).toEqual(['running']);
  });

  it('has a name of its own', () => {
    expect(() => deploy(app, createWorker(), createWorker())).toThrow('two subscribers share a name');
  });

  it('is the only one of a coalesced event', () => {
    const coalesced = { ...testWork, coalesced: true };
    const handle = async () => undefined;
    const subscriptions = ['test.a', 'test.b'].map((name) => subscribe(coalesced, name, handle));
    expect(() => deploy(app, { subscriptions })).toThrow('one subscriber only');
  });
});

describe('an event', () => {
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
    const rows = await listEvents(app, owner.organizationId);
    expect(rows.map(({ type, status }) => [type, status])).toEqual([['organization.updated', 'pending']]);
    await app.drain();
    expect(await listEvents(app, owner.organizationId)).toMatchObject([{ status: 'done' }]);
  });
});
