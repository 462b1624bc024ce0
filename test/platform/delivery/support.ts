import { z } from '@hono/zod-openapi';
import { eq } from 'drizzle-orm';
import { createCtx, type Ctx, systemScope } from '../../../src/platform/context/index.ts';
import { type Delivery, type Effect, type Job, outbox } from '../../../src/platform/outbox/index.ts';
import type { TestApp } from '../../support/app.ts';

export type Row = typeof outbox.$inferSelect;

/** Commits effects as a verb of the organization would. */
export function emit(app: TestApp, organizationId: string, effects: Effect[]): Promise<void> {
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
    onEffects: () => undefined,
    onRoundTrip: () => undefined,
  });
  return ctx.commit({ write: () => [], effects, result: undefined });
}

/** A job of type `test.work` that notes what it did and misbehaves as told. */
export function worker(
  behave: (ctx: Ctx, payload: { n: number }, delivery: Delivery) => Promise<void> | void = () => undefined,
  options: Pick<Job, 'maxAttempts' | 'timeLimitSeconds'> = {},
): { jobs: Job[]; did: number[] } {
  const did: number[] = [];
  const job: Job = {
    type: 'test.work',
    payload: z.strictObject({ n: z.number() }),
    async handle(ctx: Ctx, payload: { n: number }, delivery: Delivery) {
      did.push(payload.n);
      await behave(ctx, payload, delivery);
    },
    ...options,
  };
  return { jobs: [job], did };
}

export const work = (n: number, key = `key-${n}`): Effect => ({ type: 'test.work', key, payload: { n } });

/** The organization's rows, in the order of writing. */
export async function rowsOf(app: TestApp, organizationId: string): Promise<Row[]> {
  const [rows] = await app.services.database.read(systemScope, (q) => [
    q.select().from(outbox).where(eq(outbox.organizationId, organizationId)).orderBy(outbox.seq),
  ]);
  return rows;
}
