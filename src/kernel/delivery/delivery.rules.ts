import { maskText } from '../core/index.ts';

/** The subscriber of a delivery, whose id is the event's id and its name. */
export const subscriberOf = (deliveryId: string): string => deliveryId.slice(deliveryId.indexOf('.') + 1);

/** Maximum deliveries in flight per partition: in the queue, or being handled. */
export const IN_FLIGHT_PER_PARTITION = 20;

/**
 * Deliveries of one subscriber among those: a subscriber that hangs leaves half of the capacity to the others of its
 * organization.
 */
export const IN_FLIGHT_PER_SUBSCRIBER = 10;

/** Deliveries that one publishing sends at most. */
export const PUBLISH_LIMIT = 500;

/** Events that one publishing makes deliveries of at most, of one partition and of all together. */
export const FAN_OUT_PER_PARTITION = 2_000;
export const FAN_OUT_LIMIT = 5_000;

/** Due deliveries of a partition and subscriber that one publishing looks at; the sweep looks at all. */
export const LOOK_AHEAD = 200;

/** A wakeup that has not reached a consumer by then counts as lost. */
export const PUBLISHED_LEASE_MS = 5 * 60_000;

/** A consumer that has not reported by then counts as dead; longer than any handler may take. */
export const RUNNING_LEASE_MS = 60_000;

/**
 * How long two versions of the product may run side by side. For that long the sweep makes up for deliveries that the
 * other version did not know of, and a delivery whose subscriber this version does not have waits for one that does.
 */
export const ROLLOUT_MS = 15 * 60_000;

/** How soon such a delivery is tried again. */
export const ROLLOUT_RETRY_MS = 30_000;

/** The longest a queue message can be delayed. */
export const MAX_WAKEUP_DELAY_SECONDS = 43_200;

export const DEFAULT_TIME_LIMIT_SECONDS = 30;
export const MAX_TIME_LIMIT_SECONDS = 45;

export const DEFAULT_MAX_ATTEMPTS = 8;

/** How often a subscriber runs at once when others change the same row, before it counts as a failure and waits. */
export const STALE_ATTEMPTS = 4;

const FIRST_DELAY_MS = 5_000;
const LONGEST_DELAY_MS = 3_600_000;

/** Milliseconds until the next attempt: doubles from 5 s up to an hour; half of it fixed, half of it by chance. */
export function backoffMs(attempt: number, random: Uint8Array): number {
  const whole = Math.min(FIRST_DELAY_MS * 2 ** (attempt - 1), LONGEST_DELAY_MS);
  const chance = new DataView(random.buffer, random.byteOffset).getUint32(0) / 2 ** 32;
  return Math.round(whole / 2 + (whole / 2) * chance);
}

const MAX_REASON = 500;

/** The innermost cause says most, and does not quote a statement with its parameters as the wrappers do. */
function rootCause(error: unknown): unknown {
  let current = error;
  while (current instanceof Error && current.cause instanceof Error) current = current.cause;
  return current;
}

/** Why a handler failed, as an operator reads it: name and message, short, without what looks like a secret. */
export function reasonOf(error: unknown): string {
  const cause = rootCause(error);
  const said = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
  return maskText(said, MAX_REASON);
}
