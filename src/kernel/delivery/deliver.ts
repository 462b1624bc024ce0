import { createCtx, type Ctx, type Services, systemScope } from '../context/index.ts';
import {
  continueTrace,
  type LogFields,
  PermanentFailure,
  readParentSpanId,
  withTimeout,
} from '../core/index.ts';

import type { Subscription } from '../events/index.ts';
import type { Wakeup } from './delivery.ports.ts';
import { startDelivery, endDelivery, type DeliveryRow } from './delivery.queries.ts';
import {
  backoffMs,
  DEFAULT_MAX_ATTEMPTS,
  DEFAULT_TIME_LIMIT_SECONDS,
  MAX_TIME_LIMIT_SECONDS,
  reasonOf,
  RUNNING_LEASE_MS,
} from './delivery.rules.ts';

/** ignored: a doubled or stale ticket. overtaken: the work took longer than its lease, and its end counts no more. */
export type DeliveryOutcome = 'done' | 'retried' | 'dead' | 'ignored' | 'overtaken';

/** Keeps the isolate alive for work that nobody waits for: `waitUntil`. */
export type KeepAlive = (work: Promise<unknown>) => void;

export interface DeliveryResult {
  outcome: DeliveryOutcome;
  /** Lanes in which something may go now. */
  partitions: string[];
}

/** The one wide event of a message. */
type DeliveryLogEvent = LogFields & { type: string; outcome: string };

type End = { outcome: 'done' } | { outcome: 'retried' | 'dead'; error: unknown };

class DeliveryError extends Error {
  override readonly name = 'JobError';
}

/** What a job acts as: the system, within the organization the effect belongs to. */
function openDelivery(
  services: Services,
  delivery: DeliveryRow,
  event: DeliveryLogEvent,
  partitions: Set<string>,
  keepAlive: KeepAlive,
) {
  const traceparent = continueTrace(delivery.traceparent, services.ids);
  const trace = services.telemetry.tracer.begin({
    traceparent,
    parentSpanId: readParentSpanId(delivery.traceparent),
    name: delivery.type,
    kind: 'consumer',
  });
  let roundTrips = 0;
  const after: Ctx['after'] = (name, work) => {
    const guarded = async () => {
      try {
        await work();
      } catch (error) {
        services.log.error('after.failed', { name, requestId: delivery.id, error });
      }
    };
    keepAlive(guarded());
  };
  const ctx = createCtx(services, {
    actor: { kind: 'system', name: delivery.type, organizationId: delivery.organizationId },
    origin: { requestId: delivery.id, traceparent, ip: null, userAgent: null, continent: null },
    after,
    onEvents: (writtenPartitions) => writtenPartitions.forEach((partition) => partitions.add(partition)),
    onRoundTrip: () => {
      event.roundTrips = ++roundTrips;
    },
    trace,
  });
  event.traceparent = traceparent;
  const close = (outcome: DeliveryOutcome, failed: boolean) => {
    const attributes = { 'messaging.message.id': delivery.id, outcome, attempt: delivery.attempts };
    trace.end({ failed, remarkable: failed, attributes }, keepAlive);
  };
  return { ctx, close };
}

async function runSubscription(
  subscription: Subscription | undefined,
  deliveryRow: DeliveryRow,
  ctx: Ctx,
): Promise<End> {
  const maxAttempts = subscription?.maxAttempts ?? DEFAULT_MAX_ATTEMPTS;
  const dead = (reason: string): End => ({ outcome: 'dead', error: new DeliveryError(reason) });
  if (!subscription) return dead(`no job is declared for ${deliveryRow.type}`);
  if (deliveryRow.attempts > maxAttempts)
    return dead(`attempt ${maxAttempts} of ${maxAttempts} ended without a word`);
  const seconds = Math.min(
    subscription.timeLimitSeconds ?? DEFAULT_TIME_LIMIT_SECONDS,
    MAX_TIME_LIMIT_SECONDS,
  );
  try {
    const payload = subscription.payload.safeParse(deliveryRow.payload);
    if (!payload.success) return { outcome: 'dead', error: payload.error };
    const delivery = { id: deliveryRow.id, attempt: deliveryRow.attempts };
    const createTimeoutError = () => new DeliveryError(`took longer than ${seconds} s`);
    // The work cannot be stopped, only given up on: its lease is longer than its limit, so nobody else has it by then.
    if (subscription.handle)
      await withTimeout(
        subscription.handle(ctx, payload.data as never, delivery),
        seconds * 1000,
        createTimeoutError,
      );
    return { outcome: 'done' };
  } catch (error) {
    const isFinal = error instanceof PermanentFailure || deliveryRow.attempts >= maxAttempts;
    return { outcome: isFinal ? 'dead' : 'retried', error };
  }
}

/** What an end makes of the row. */
function rowAfter(
  { clock, ids }: Services,
  { attempts }: DeliveryRow,
  end: End,
): Parameters<typeof endDelivery>[2] {
  const nowMs = clock.now();
  const finishedAt = new Date(nowMs);
  if (end.outcome === 'done') return { status: 'done', lastError: null, finishedAt };
  const lastError = reasonOf(end.error);
  if (end.outcome === 'dead') return { status: 'dead', lastError, finishedAt };
  return {
    status: 'pending',
    lastError,
    availableAt: new Date(nowMs + backoffMs(attempts, ids.random(4))),
  };
}

/** Stores how it ended; false when the row is in other hands by now. */
async function storeDeliveryEnd(services: Services, delivery: DeliveryRow, end: End): Promise<boolean> {
  const set = rowAfter(services, delivery, end);
  const [changed] = await services.database.read(systemScope, (q) => [endDelivery(q, delivery, set)]);
  return changed.length === 1;
}

async function processDelivery(
  services: Services,
  subscriptions: readonly Subscription[],
  delivery: DeliveryRow,
  event: DeliveryLogEvent,
  keepAlive: KeepAlive,
): Promise<DeliveryResult> {
  const partitions = new Set([delivery.lane]);
  const { ctx, close } = openDelivery(services, delivery, event, partitions, keepAlive);
  const subscription = subscriptions.find((candidate) => candidate.type === delivery.type);
  const end = await runSubscription(subscription, delivery, ctx);
  if ('error' in end) event.error = end.error;
  let outcome: DeliveryOutcome = end.outcome;
  try {
    if (!(await storeDeliveryEnd(services, delivery, end))) outcome = 'overtaken';
    event.outcome = outcome;
  } finally {
    close(outcome, 'error' in end);
  }
  return { outcome, partitions: [...partitions] };
}

/**
 * Does what one ticket asks for: takes its row, runs the job, stores how it ended. A failure of the job is an outcome,
 * not an exception; it harms no other message. One wide event, whatever happens.
 * @param keepAlive lets work that no message waits for, such as the export of spans, come to its end
 * @throws AppError `server.unavailable` when the outcome could not be stored: the ticket must come again
 */
export async function deliver(
  services: Services,
  subscriptions: readonly Subscription[],
  wakeup: Wakeup,
  keepAlive: KeepAlive = () => undefined,
): Promise<DeliveryResult> {
  const startedAt = services.clock.now();
  const event: DeliveryLogEvent = { requestId: wakeup.id, type: 'unknown', outcome: 'unsettled' };
  try {
    const [[delivery]] = await services.database.read(systemScope, (q) => [
      startDelivery(q, wakeup.id, startedAt + RUNNING_LEASE_MS),
    ]);
    if (!delivery) {
      event.outcome = 'ignored';
      return { outcome: 'ignored', partitions: [] };
    }
    const { type, organizationId, attempts: attempt, availableAt } = delivery;
    Object.assign(event, { type, organizationId, attempt, waitedMs: startedAt - availableAt.getTime() });
    return await processDelivery(services, subscriptions, delivery, event, keepAlive);
  } catch (error) {
    event.error = error;
    throw error;
  } finally {
    event.durationMs = services.clock.now() - startedAt;
    const labels = { type: event.type, outcome: event.outcome };
    services.telemetry.counters.add('auralink_isolate_outbox_handled_total', labels);
    services.log[event.error === undefined ? 'info' : 'error']('outbox.message', event);
  }
}
