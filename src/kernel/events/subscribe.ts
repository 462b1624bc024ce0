import type { z } from '@hono/zod-openapi';
import type { Ctx } from '../context/index.ts';

export interface Delivery {
  /** The outbox row's id: the key by which a handler is idempotent. */
  id: string;
  /** From 1. */
  attempt: number;
}

/**
 * What follows from an effect. A type that is declared without a handler is an event that nobody here acts on; an
 * effect of an undeclared type is a defect and ends as a dead letter.
 */
export interface Subscription {
  /** The effect's type: `organization.created`. */
  type: string;
  payload: z.ZodType<Record<string, unknown>>;
  /**
   * Reads the truth again and is idempotent. Whatever it throws is retried with exponential backoff, but for a
   * `PermanentFailure`, which ends as a dead letter at once.
   */
  handle?(ctx: Ctx, payload: never, delivery: Delivery): Promise<void>;
  /** Default 8; then it is a dead letter with the reason. */
  maxAttempts?: number;
  /** Default 30, at most 45: what takes longer is a workflow. */
  timeLimitSeconds?: number;
}

/** Declares a job; its payload's type flows into its handler. */
export function defineSubscription<T extends Record<string, unknown>>(subscription: {
  type: string;
  payload: z.ZodType<T>;
  handle?(ctx: Ctx, payload: T, delivery: Delivery): Promise<void>;
  maxAttempts?: number;
  timeLimitSeconds?: number;
}): Subscription {
  return subscription;
}
