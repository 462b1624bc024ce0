import { z } from '@hono/zod-openapi';
import { sql } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { systemScope } from '../../../src/kernel/context/index.ts';
import {
  deliver,
  publish,
  reopenDeliveries,
  subscribe,
  sweepDeliveries,
} from '../../../src/kernel/delivery/index.ts';
import { defineEvent } from '../../../src/kernel/events/index.ts';
import { foldModules } from '../../../src/kernel/modules/index.ts';
import { modules } from '../../../src/modules.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { createWorker, deploy, listDeliveries, testWork, workEvent, writeEvents } from './support.ts';

/** How long two versions may run side by side. */
const ROLLOUT_SECONDS = 15 * 60;

let app: TestApp;
let organizationId: string;

beforeEach(async () => {
  app = createTestApp();
  // The sweep takes what it finds in every organization, also of the test before.
  for (const table of [sql`deliveries`, sql`outbox`])
    await app.services.database.commit(systemScope, (q) => [q.execute(sql`delete from ${table}`)]);
  ({ organizationId } = await app.person());
});

const rows = async () =>
  (await listDeliveries(app, organizationId)).map(({ subscriber, status }) => `${subscriber} ${status}`);

describe('a deployment that adds a subscriber', () => {
  it('delivers events that were pending to it as well, each once', async () => {
    const [old, added] = [createWorker(), createWorker(undefined, {}, 'test.added')];
    deploy(app, old);
    await writeEvents(app, organizationId, [workEvent(1)]);
    deploy(app, old, added);
    await app.drain();
    expect([old.handled, added.handled]).toEqual([[1], [1]]);
  });

  it('delivers events that the old version published beside it, and none twice', async () => {
    const [old, added] = [createWorker(), createWorker(undefined, {}, 'test.added')];
    deploy(app, old);
    await writeEvents(app, organizationId, [workEvent(1), workEvent(2)]);
    await app.drain();
    deploy(app, old, added);
    await sweepDeliveries(app.services);
    await sweepDeliveries(app.services);
    await app.drain();
    expect(old.handled.toSorted((a, b) => a - b)).toEqual([1, 2]);
    expect(added.handled.toSorted((a, b) => a - b)).toEqual([1, 2]);
  });

  it('does not deliver what was published long before it', async () => {
    const [old, added] = [createWorker(), createWorker(undefined, {}, 'test.added')];
    deploy(app, old);
    await writeEvents(app, organizationId, [workEvent(1)]);
    await app.drain();
    app.clock.advanceSeconds(ROLLOUT_SECONDS + 1);
    deploy(app, old, added);
    await sweepDeliveries(app.services);
    await app.drain();
    expect(added.handled).toEqual([]);
  });

  it('waits for the new version when the old one gets the delivery', async () => {
    const [old, added] = [createWorker(), createWorker(undefined, {}, 'test.added')];
    deploy(app, old, added);
    await writeEvents(app, organizationId, [workEvent(1)]);
    await publish(app.services, [organizationId]);
    deploy(app, old);
    for (const wakeup of app.queue.wakeups.splice(0)) await deliver(app.services, wakeup);
    expect(await rows()).toEqual(['test.added pending', 'test.worker done']);
    deploy(app, old, added);
    app.clock.advanceSeconds(30);
    await app.drain();
    expect([old.handled, added.handled]).toEqual([[1], [1]]);
    expect((await listDeliveries(app, organizationId))[0]).toMatchObject({ attempts: 1, lastError: null });
  });

  it('delivers events to it that wait for a later time, however long before the old version published them', async () => {
    const [old, added] = [createWorker(), createWorker(undefined, {}, 'test.added')];
    deploy(app, old);
    const availableAtMs = app.clock.now() + 2 * ROLLOUT_SECONDS * 1000;
    await writeEvents(app, organizationId, [{ ...workEvent(1), availableAtMs }]);
    await publish(app.services, [organizationId]);
    app.clock.advanceSeconds(ROLLOUT_SECONDS + 1);
    deploy(app, old, added);
    await sweepDeliveries(app.services);
    await app.drain();
    expect([old.handled, added.handled]).toEqual([[], []]);
    app.clock.advanceSeconds(ROLLOUT_SECONDS);
    await app.drain();
    expect([old.handled, added.handled]).toEqual([[1], [1]]);
  });

  it('waits for the new version also with events that were pending for long, or delayed', async () => {
    const [old, added] = [createWorker(), createWorker(undefined, {}, 'test.added')];
    const availableAtMs = app.clock.now() + 2 * ROLLOUT_SECONDS * 1000;
    await writeEvents(app, organizationId, [workEvent(1), { ...workEvent(2), availableAtMs }]);
    for (const [seconds, handled] of [
      [ROLLOUT_SECONDS + 1, [1]],
      [ROLLOUT_SECONDS, [1, 2]],
    ] as const) {
      app.clock.advanceSeconds(seconds);
      deploy(app, old, added);
      await publish(app.services, [organizationId]);
      deploy(app, old);
      await app.drain();
      deploy(app, old, added);
      app.clock.advanceSeconds(30);
      await app.drain();
      expect(added.handled).toEqual(handled);
    }
  });

  it('is awaited again when a dead letter is replayed', async () => {
    const [old, added] = [createWorker(), createWorker(undefined, {}, 'test.added')];
    deploy(app, old, added);
    await writeEvents(app, organizationId, [workEvent(1)]);
    await publish(app.services, [organizationId]);
    deploy(app, old);
    app.clock.advanceSeconds(ROLLOUT_SECONDS);
    await app.drain();
    const [dead] = await listDeliveries(app, organizationId);
    expect(dead).toMatchObject({ subscriber: 'test.added', status: 'dead' });
    await app.services.database.commit(systemScope, (q) => [
      reopenDeliveries(q, [dead!.id], new Date(app.clock.now())),
    ]);
    await app.drain();
    expect(await rows()).toEqual(['test.added pending', 'test.worker done']);
    deploy(app, old, added);
    app.clock.advanceSeconds(30);
    await app.drain();
    expect([old.handled, added.handled]).toEqual([[1], [1]]);
  });
});

describe('a deployment that changes a subscriber', () => {
  const testRest = defineEvent({
    type: 'test.rest',
    description: 'A test wants a rest.',
    payload: testWork.payload,
    example: { n: 1 },
    key: ({ n }) => `key-${n}`,
  });

  it('lets events of a type that the old version does not subscribe it to wait, without counting attempts', async () => {
    const handled: number[] = [];
    const old = createWorker(undefined, { maxAttempts: 1 });
    const subscription = subscribe(
      [testWork, testRest],
      'test.worker',
      async (_ctx, { n }) => handled.push(n),
      { maxAttempts: 1 },
    );
    deploy(app, { subscriptions: [subscription] });
    await writeEvents(app, organizationId, [testRest.of({ n: 1 })]);
    await publish(app.services, [organizationId]);
    deploy(app, old);
    for (let seconds = 0; seconds < ROLLOUT_SECONDS; seconds += 30) {
      await app.drain();
      app.clock.advanceSeconds(30);
    }
    expect(await listDeliveries(app, organizationId)).toMatchObject([
      {
        status: 'pending',
        attempts: 0,
        lastError: 'DeliveryError: test.worker is not subscribed to test.rest',
      },
    ]);
    deploy(app, { subscriptions: [subscription] });
    await app.drain();
    expect([old.handled, handled]).toEqual([[], [1]]);
  });

  it('may add a field to the payload, which the old version does not see', async () => {
    const payloads: unknown[] = [];
    const old = subscribe(testWork, 'test.worker', async (_ctx, payload) => payloads.push(payload));
    deploy(app, { subscriptions: [old] });
    const { type, key } = workEvent(1);
    const extended = defineEvent({
      type,
      description: 'A test wants something done.',
      payload: z.object({ n: z.number(), urgent: z.boolean().optional() }),
      example: { n: 1 },
      key: () => key,
    });
    await writeEvents(app, organizationId, [extended.of({ n: 1, urgent: true })]);
    await app.drain();
    expect(payloads).toEqual([{ n: 1 }]);
  });

  it.each(foldModules(modules, 'events').map((definition) => [definition.type, definition] as const))(
    'may add a field to %s',
    (_type, { payload, example }) => {
      expect(payload.parse({ ...example, added: true })).toEqual(example);
      expect(JSON.stringify(z.toJSONSchema(payload, { io: 'input', unrepresentable: 'any' }))).not.toContain(
        '"additionalProperties":false',
      );
    },
  );
});

describe('a deployment that removes a subscriber', () => {
  it('ends its pending deliveries as dead letters once no version can have it, and loses no other', async () => {
    const [kept, removed] = [createWorker(), createWorker(undefined, {}, 'test.removed')];
    deploy(app, kept, removed);
    await writeEvents(app, organizationId, [workEvent(1)]);
    await publish(app.services, [organizationId]);
    deploy(app, kept);
    await app.drain();
    expect(await rows()).toEqual(['test.removed pending', 'test.worker done']);
    app.clock.advanceSeconds(ROLLOUT_SECONDS);
    await app.drain();
    expect(await rows()).toEqual(['test.removed dead', 'test.worker done']);
    expect((await listDeliveries(app, organizationId))[0]!.lastError).toBe(
      'DeliveryError: there is no subscriber test.removed',
    );
    expect([kept.handled, removed.handled]).toEqual([[1], []]);
  });

  it('makes no deliveries for it', async () => {
    const [kept, removed] = [createWorker(), createWorker(undefined, {}, 'test.removed')];
    deploy(app, kept, removed);
    await writeEvents(app, organizationId, [workEvent(1)]);
    deploy(app, kept);
    await app.drain();
    expect(await rows()).toEqual(['test.worker done']);
  });
});
