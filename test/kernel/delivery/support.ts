import { z } from '@hono/zod-openapi';
import { eq } from 'drizzle-orm';
import { createCtx, type Ctx, systemScope } from '../../../src/kernel/context/index.ts';
import {
  type Delivery,
  type DomainEvent,
  type Subscription,
  outbox,
} from '../../../src/kernel/events/index.ts';
import type { TestApp } from '../../support/app.ts';

export type OutboxRow = typeof outbox.$inferSelect;

/** Commits effects as a verb of the organization would. */
export function writeEvents(app: TestApp, organizationId: string, events: DomainEvent[]): Promise<void> {
  const ctx = createCtx(app.services, {
    actor: { kind: 'system', name: 'test', organizationId },
    origin: {
      requestId: 'req_test',
      traceparent: '00-11111111111111111111111111111111-2222222222222222-01',
      ip: null,
      userAgent: null,
      continent: null,
    },
    after: () => undefined,
    onEvents: () => undefined,
    onRoundTrip: () => undefined,
  });
  return ctx.commit({ write: () => [], events, result: undefined });
}

/** A job of type `test.work` that notes what it did and misbehaves as told. */
export function createWorkSubscription(
  behave: (ctx: Ctx, payload: { n: number }, delivery: Delivery) => Promise<void> | void = () => undefined,
  options: Pick<Subscription, 'maxAttempts' | 'timeLimitSeconds'> = {},
): { subscriptions: Subscription[]; handled: number[] } {
  const handled: number[] = [];
  const subscription: Subscription = {
    type: 'test.work',
    payload: z.strictObject({ n: z.number() }),
    async handle(ctx: Ctx, payload: { n: number }, delivery: Delivery) {
      handled.push(payload.n);
      await behave(ctx, payload, delivery);
    },
    ...options,
  };
  return { subscriptions: [subscription], handled };
}

export const workEvent = (n: number, key = `key-${n}`): DomainEvent => ({
  type: 'test.work',
  key,
  payload: { n },
});

/** The organization's rows, in the order of writing. */
export async function listOutboxRows(app: TestApp, organizationId: string): Promise<OutboxRow[]> {
  const [rows] = await app.services.database.read(systemScope, (q) => [
    q.select().from(outbox).where(eq(outbox.organizationId, organizationId)).orderBy(outbox.seq),
  ]);
  return rows;
}
