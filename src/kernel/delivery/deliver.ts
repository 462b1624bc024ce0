import { type Ctx, type KeepAlive, type Services, systemScope } from '../context/index.ts';
import { PermanentFailure, retryStale, withTimeout } from '../core/index.ts';
import type { EventDefinition } from '../events/index.ts';
import { isValueRefused } from '../db/index.ts';
import type { Wakeup } from './delivery.ports.ts';
import { endDelivery, startDelivery, type StartedDelivery } from './delivery.queries.ts';
import {
  backoffMs,
  DEFAULT_MAX_ATTEMPTS,
  DEFAULT_TIME_LIMIT_SECONDS,
  MAX_TIME_LIMIT_SECONDS,
  reasonOf,
  ROLLOUT_MS,
  ROLLOUT_RETRY_MS,
  RUNNING_LEASE_MS,
  STALE_ATTEMPTS,
} from './delivery.rules.ts';
import { type MessageEvent, openDelivery } from './open-delivery.ts';
import { wakeLater } from './publish.ts';
import type { Subscription } from './subscribe.ts';

/**
 * ignored: a doubled or stale wakeup. overtaken: the work took longer than its lease, and its end counts no more.
 * woken: no delivery, but a partition to look at.
 */
export type DeliveryOutcome = 'done' | 'retried' | 'dead' | 'ignored' | 'overtaken' | 'woken';

export interface DeliveryResult {
  outcome: DeliveryOutcome;
  /** Partitions in which something may go now. */
  partitions: string[];
}

/** waiting: for a version that knows the subscriber and its type; no attempt was made. */
type End = { outcome: 'done' } | { outcome: 'retried' | 'dead' | 'waiting'; error: unknown };

class DeliveryError extends Error {
  override readonly name = 'DeliveryError';
}

/** Another version of the product, running beside this one for a while, may have the subscriber, or have it so. */
function endUnknown({ clock }: Services, { dueAt }: StartedDelivery, reason: string): End {
  const isRollout = clock.now() - dueAt.getTime() < ROLLOUT_MS;
  return { outcome: isRollout ? 'waiting' : 'dead', error: new DeliveryError(reason) };
}

async function handle(
  subscription: Subscription,
  definition: EventDefinition,
  started: StartedDelivery,
  ctx: Ctx,
): Promise<End> {
  const { id, eventId, attempts: attempt, occurredAt } = started;
  const maxAttempts = subscription.maxAttempts ?? DEFAULT_MAX_ATTEMPTS;
  const dead = (reason: string): End => ({ outcome: 'dead', error: new DeliveryError(reason) });
  if (attempt > maxAttempts) return dead(`attempt ${maxAttempts} of ${maxAttempts} ended without reporting`);
  const seconds = Math.min(
    subscription.timeLimitSeconds ?? DEFAULT_TIME_LIMIT_SECONDS,
    MAX_TIME_LIMIT_SECONDS,
  );
  let isLate = false;
  try {
    const payload = definition.payload.safeParse(started.payload);
    if (!payload.success) return { outcome: 'dead', error: payload.error };
    const delivery = { id, eventId, attempt, occurredAtMs: occurredAt.getTime() };
    const late = () => {
      isLate = true;
      return new DeliveryError(`took longer than ${seconds} s`);
    };
    const work = retryStale(STALE_ATTEMPTS, async () => {
      // Another consumer may have the delivery when abandoned work turns out to be stale.
      if (!isLate) await subscription.handle(ctx, payload.data as never, delivery);
    });
    // The work cannot be stopped, only abandoned. Its lease is longer than its limit, so no other consumer has it yet.
    await withTimeout(work, seconds * 1000, late);
    return { outcome: 'done' };
  } catch (error) {
    const hopeless = error instanceof PermanentFailure || isValueRefused(error) || attempt >= maxAttempts;
    return { outcome: hopeless ? 'dead' : 'retried', error };
  }
}

/** The changes of the row at an end. */
function rowOf({ clock, ids }: Services, { attempts }: StartedDelivery, end: End) {
  const nowMs = clock.now();
  const finishedAt = new Date(nowMs);
  if (end.outcome === 'done') return { status: 'done', lastError: null, finishedAt } as const;
  const lastError = reasonOf(end.error);
  if (end.outcome === 'dead') return { status: 'dead', lastError, finishedAt } as const;
  if (end.outcome === 'waiting') {
    const availableAt = new Date(nowMs + ROLLOUT_RETRY_MS);
    return { status: 'pending', attempts: attempts - 1, lastError, availableAt } as const;
  }
  return {
    status: 'pending',
    lastError,
    availableAt: new Date(nowMs + backoffMs(attempts, ids.random(4))),
  } as const;
}

/** Stores how it ended, and has a retry woken at its time; false when another consumer has the delivery. */
async function storeEnd(services: Services, started: StartedDelivery, end: End): Promise<boolean> {
  const row = rowOf(services, started, end);
  const [changed] = await services.database.read(systemScope, (q) => [endDelivery(q, started, row)]);
  if (changed.length === 0) return false;
  if (row.status === 'pending')
    await wakeLater(services, [{ partition: started.partition, atMs: row.availableAt.getTime() }]);
  return true;
}

/** Runs the subscriber, if this version has it and it takes the type. */
function run(services: Services, started: StartedDelivery, ctx: Ctx): Promise<End> | End {
  const { subscriber, type } = started;
  const subscription = services.subscriptions.byName(subscriber);
  if (!subscription) return endUnknown(services, started, `there is no subscriber ${subscriber}`);
  const definition = subscription.events.find((each) => each.type === type);
  if (!definition) return endUnknown(services, started, `${subscriber} is not subscribed to ${type}`);
  return handle(subscription, definition, started, ctx);
}

async function work(
  services: Services,
  started: StartedDelivery,
  event: MessageEvent,
  keepAlive: KeepAlive,
): Promise<DeliveryResult> {
  const partitions = new Set([started.partition]);
  const { ctx, close } = openDelivery(services, started, event, partitions, keepAlive);
  const end = await run(services, started, ctx);
  if ('error' in end) event.error = end.error;
  let outcome: DeliveryOutcome = end.outcome === 'waiting' ? 'retried' : end.outcome;
  try {
    if (!(await storeEnd(services, started, end))) outcome = 'overtaken';
    event.outcome = outcome;
  } finally {
    close(outcome, 'error' in end);
  }
  return { outcome, partitions: [...partitions] };
}

/**
 * Handles one wakeup: takes the delivery, runs its subscriber, stores how it ended. A failure of the subscriber is an
 * outcome, not an exception, and does not affect other messages. It always writes one wide event.
 * @param keepAlive lets work that no message waits for, such as the export of spans, come to its end
 * @throws AppError `server.unavailable` when the outcome could not be stored: the wakeup must come again
 */
export async function deliver(
  services: Services,
  wakeup: Wakeup,
  keepAlive: KeepAlive = () => undefined,
): Promise<DeliveryResult> {
  if ('partition' in wakeup) return { outcome: 'woken', partitions: [wakeup.partition] };
  const startedAt = services.clock.now();
  const event: MessageEvent = {
    requestId: wakeup.id,
    type: 'unknown',
    subscriber: 'unknown',
    outcome: 'unsettled',
  };
  try {
    const [[started]] = await services.database.read(systemScope, (q) => [
      startDelivery(q, wakeup.id, startedAt + RUNNING_LEASE_MS),
    ]);
    if (!started) {
      event.outcome = 'ignored';
      return { outcome: 'ignored', partitions: [] };
    }
    const { type, subscriber, organizationId, attempts: attempt, availableAt } = started;
    const waitedMs = startedAt - availableAt.getTime();
    Object.assign(event, { type, subscriber, organizationId, attempt, waitedMs });
    return await work(services, started, event, keepAlive);
  } catch (error) {
    event.error = error;
    throw error;
  } finally {
    event.durationMs = services.clock.now() - startedAt;
    const labels = { subscriber: event.subscriber, outcome: event.outcome };
    services.telemetry.counters.add('auralink_isolate_outbox_handled_total', labels);
    services.log[event.error === undefined ? 'info' : 'error']('outbox.message', event);
  }
}
