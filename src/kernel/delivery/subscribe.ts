import type { Ctx } from '../context/index.ts';
import { type EventDefinition, type EventPayload } from '../events/index.ts';

/** One event on its way to one subscriber. */
export interface Delivery {
  /** Event id and subscriber, `evt_….module.name`: the key by which a handler is idempotent. */
  id: string;
  eventId: string;
  /** When the change was committed, in milliseconds since the epoch. */
  occurredAtMs: number;
  /** From 1. */
  attempt: number;
}

export interface SubscriptionOptions {
  /** Default 8; then the delivery is a dead letter with the reason. */
  maxAttempts?: number;
  /** Default 30, at most 45: what takes longer is a workflow. */
  timeLimitSeconds?: number;
  /**
   * Run by the isolate that commits the event, right after its response, and by the queue only if that fails: for what must
   * follow within a second, such as the end of somebody's access. It must be quick, and rare.
   */
  prompt?: true;
}

/** The handling of an event type by one subscriber. */
export interface Subscription extends SubscriptionOptions {
  /** `module.what-it-does`. Deliveries under way carry it: a changed name is a new subscriber. */
  name: string;
  events: readonly EventDefinition[];
  handle(ctx: Ctx, payload: never, delivery: Delivery): Promise<unknown>;
}

/**
 * Subscribes to one event type, or to several whose payloads `handle` understands.
 * @param handle reads the truth again and is idempotent. Whatever it throws is retried with exponential backoff, but
 *   for a `PermanentFailure`, which makes the delivery a dead letter at once, and for `request.stale`, after which it runs again at
 *   once
 */
export function subscribe<T extends EventPayload>(
  events: EventDefinition<T> | readonly EventDefinition<T>[],
  name: string,
  handle: (ctx: Ctx, payload: T, delivery: Delivery) => Promise<unknown>,
  options: SubscriptionOptions = {},
): Subscription {
  return { name, events: [events].flat(), handle, ...options };
}
