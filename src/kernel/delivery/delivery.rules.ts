import { maskText } from '../core/index.ts';

/** Tickets of one lane in the queue or at work at the same time: what it can put before everyone else. */
export const IN_FLIGHT_PER_PARTITION = 20;

/** Rows that one publishing takes at most. */
export const PUBLISH_LIMIT = 500;

/** Due rows of a lane that one publishing looks at; the sweep looks at all. */
export const LOOK_AHEAD = 200;

/** A ticket that has not come to a consumer by then counts as lost. */
export const PUBLISHED_LEASE_MS = 5 * 60_000;

/** A consumer that has not said how it ended by then counts as dead; longer than any job may take. */
export const RUNNING_LEASE_MS = 60_000;

export const DEFAULT_TIME_LIMIT_SECONDS = 30;
export const MAX_TIME_LIMIT_SECONDS = 45;

export const DEFAULT_MAX_ATTEMPTS = 8;

const FIRST_DELAY_MS = 5_000;
const LONGEST_DELAY_MS = 3_600_000;

/** Milliseconds until the next attempt: doubles from 5 s up to an hour; half of it fixed, half of it by chance. */
export function backoffMs(attempt: number, random: Uint8Array): number {
  const fullDelayMs = Math.min(FIRST_DELAY_MS * 2 ** (attempt - 1), LONGEST_DELAY_MS);
  const jitter = new DataView(random.buffer, random.byteOffset).getUint32(0) / 2 ** 32;
  return Math.round(fullDelayMs / 2 + (fullDelayMs / 2) * jitter);
}

const MAX_REASON = 500;
/** What providers' messages quote of our own calls: `api_key=…`, `"secret": "…"`. */
const NAMED_SECRET =
  /(\w{0,40}(?:secret|password|token|key|signature)["']?\s{0,3}[=:]\s{0,3}["']?)[^\s&,;"']{1,1000}/gi;

/** The innermost cause says most, and does not quote a statement with its parameters as the wrappers do. */
function rootCause(error: unknown): unknown {
  let current = error;
  while (current instanceof Error && current.cause instanceof Error) current = current.cause;
  return current;
}

/** Why a job failed, as an operator reads it: name and message, short, without what looks like a secret. */
export function reasonOf(error: unknown): string {
  const cause = rootCause(error);
  const message = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
  return maskText(message, MAX_REASON).replaceAll(NAMED_SECRET, '$1[redacted]');
}
