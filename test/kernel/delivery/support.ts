import { z } from '@hono/zod-openapi';
import { eq } from 'drizzle-orm';
import { type Ctx, openCtx, systemScope } from '../../../src/kernel/context/index.ts';
import { deliveries } from '../../../src/kernel/delivery/deliveries.tables.ts';
import {
  createSubscriptions,
  type Delivery,
  subscribe,
  type Subscription,
  type SubscriptionOptions,
} from '../../../src/kernel/delivery/index.ts';
import { outbox } from '../../../src/kernel/events/events.tables.ts';
import { defineEvent, type DomainEvent } from '../../../src/kernel/events/index.ts';
import type { TestApp } from '../../support/app.ts';

export type DeliveryRow = typeof deliveries.$inferSelect;
export type EventRow = typeof outbox.$inferSelect;

/** Commits events as a verb of the organization would. */
export function writeEvents(app: TestApp, organizationId: string, events: DomainEvent[]): Promise<void> {
  const ctx = openCtx(app.services, {
    actor: { kind: 'system', name: 'test', organizationId },
    traceparent: '00-11111111111111111111111111111111-2222222222222222-01',
    keepAlive: () => undefined,
    onEvents: () => undefined,
  });
  return ctx.commit({ write: () => [], events, result: undefined });
}

export const testWork = defineEvent({
  type: 'test.work',
  description: 'A test wants something done.',
  payload: z.object({ n: z.number() }),
  example: { n: 1 },
  key: ({ n }) => `key-${n}`,
});

export const workEvent = (n: number, key = `key-${n}`): DomainEvent => testWork.of({ n }, { key });

type Behaviour = (ctx: Ctx, payload: { n: number }, delivery: Delivery) => Promise<unknown> | void;

/** A subscriber to `test.work` that records what it handled and misbehaves on request. */
export function createWorker(
  behave: Behaviour = () => undefined,
  options: SubscriptionOptions = {},
  name = 'test.worker',
): { subscriptions: Subscription[]; handled: number[] } {
  const handled: number[] = [];
  const subscription = subscribe(
    testWork,
    name,
    async (ctx, payload, delivery) => {
      handled.push(payload.n);
      await behave(ctx, payload, delivery);
    },
    options,
  );
  return { subscriptions: [subscription], handled };
}

/** Makes these the only subscribers of the app, as a deployment of another version would. */
export function deploy(app: TestApp, ...workers: { subscriptions: Subscription[] }[]): void {
  app.services.subscriptions = createSubscriptions(workers.flatMap(({ subscriptions }) => subscriptions));
}

/** The organization's deliveries, in the order of their events. */
export async function listDeliveries(app: TestApp, organizationId: string): Promise<DeliveryRow[]> {
  const [rows] = await app.services.database.read(systemScope, (q) => [
    q
      .select()
      .from(deliveries)
      .where(eq(deliveries.organizationId, organizationId))
      .orderBy(deliveries.seq, deliveries.subscriber),
  ]);
  return rows;
}

/** The organization's events, in the order of writing. */
export async function listEvents(app: TestApp, organizationId: string): Promise<EventRow[]> {
  const [rows] = await app.services.database.read(systemScope, (q) => [
    q.select().from(outbox).where(eq(outbox.organizationId, organizationId)).orderBy(outbox.seq),
  ]);
  return rows;
}
