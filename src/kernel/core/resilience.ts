import { serverErrors } from './core.errors.ts';
import { type Clock, systemClock } from './clock.ts';

/** A failure that a retry cannot cure, such as a provider's refusal. A delivery that throws it is not retried. */
export class PermanentFailure extends Error {
  override readonly name: string = 'PermanentFailure';
}

export interface RetryPolicy {
  /** Most attempts, the first included. */
  attempts: number;
  /** Milliseconds before the second attempt; doubles with each further one, with full jitter. */
  baseDelayMs: number;
  /** Whether another attempt may succeed. */
  isTransient: (error: unknown) => boolean;
}

/** Interval between two checks of another request's progress. */
const POLL_MS = 2;

export interface Timers {
  sleep(ms: number): Promise<void>;
  /** In [0, 1). */
  random(): number;
}

export const systemTimers: Timers = {
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  random: () => Math.random(),
};

/** Runs `work`, repeating it while it fails transiently and attempts are left; rethrows the last failure. */
export async function retry<T>(
  work: () => Promise<T>,
  policy: RetryPolicy,
  timers: Timers = systemTimers,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= policy.attempts || !policy.isTransient(error)) throw error;
      await timers.sleep(policy.baseDelayMs * 2 ** (attempt - 1) * timers.random());
    }
  }
}

/**
 * Waits at most `timeoutMs` until work of another request is done. It polls instead of awaiting the other request's
 * promise, because the runtime may run the continuation in that request's context, where this one's response cannot be
 * made, or never, when that request is dropped.
 * @param intervalMs between two checks, each of which costs a timer
 * @returns whether it was done in time
 */
export async function pollUntil(
  isDone: () => boolean,
  timeoutMs: number,
  timers = systemTimers,
  intervalMs = POLL_MS,
): Promise<boolean> {
  for (let waited = 0; !isDone(); waited += intervalMs) {
    if (waited >= timeoutMs) return false;
    await timers.sleep(intervalMs);
  }
  return true;
}

/** The outcome of `work`, or the error of `createTimeoutError` when it takes longer than `ms` milliseconds. */
export function withTimeout<T>(work: Promise<T>, ms: number, createTimeoutError: () => Error): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(createTimeoutError()), ms);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/**
 * A time limit of `ms` milliseconds for each of many waits, one at a time. One timer serves all of them: two timers for
 * each small event of a stream cost more than the event.
 */
export class WaitLimit {
  readonly #ms: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The wait that is under way. */
  #waiting: { endsAtMs: number; fail(): void } | undefined;

  constructor(ms: number) {
    this.#ms = ms;
  }

  /** The outcome of `work`, or the error of `createTimeoutError` when it takes too long. */
  wait<T>(work: Promise<T>, createTimeoutError: () => Error): Promise<T> {
    this.#timer ??= setTimeout(() => this.#check(), this.#ms);
    return new Promise((resolve, reject) => {
      const waiting = { endsAtMs: systemClock.now() + this.#ms, fail: () => reject(createTimeoutError()) };
      this.#waiting = waiting;
      const end = () => {
        // Work that took too long may end during a later wait.
        if (this.#waiting === waiting) this.#waiting = undefined;
      };
      work.finally(end).then(resolve, reject);
    });
  }

  /** Ends the timer; no wait may follow. */
  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #check(): void {
    this.#timer = undefined;
    if (!this.#waiting) return;
    const leftMs = this.#waiting.endsAtMs - systemClock.now();
    if (leftMs > 0) this.#timer = setTimeout(() => this.#check(), leftMs);
    else this.#waiting.fail();
  }
}

export type BreakerState = 'closed' | 'open' | 'half_open';

export interface Breaker {
  /**
   * Runs `work` unless the breaker is open.
   * @throws AppError `server.unavailable` with the seconds left, when it is open.
   */
  run<T>(work: () => Promise<T>): Promise<T>;
  readonly state: BreakerState;
}

export interface BreakerOptions {
  /** The dependency's name, as readiness shows it. */
  name: string;
  clock: Clock;
  /** Number of consecutive failures that opens it. */
  failureThreshold: number;
  /** Milliseconds it stays open before it permits one trial call. */
  openMs: number;
  /** Whether a failure means that the dependency is broken; a legitimate refusal does not. */
  isFailure: (error: unknown) => boolean;
}

const createOpenError = (name: string, msLeft: number) =>
  serverErrors.unavailable({
    detail: `${name} is not available`,
    retryAfterSeconds: Math.max(1, Math.ceil(msLeft / 1000)),
  });

/** A circuit breaker per isolate: stops calling a dependency that keeps failing, then tries a single call. */
export function createBreaker({ name, clock, failureThreshold, openMs, isFailure }: BreakerOptions): Breaker {
  let consecutiveFailures = 0;
  let openedAt = 0;
  /** The trial call under way. It counts for `openMs` at most: the runtime may drop the work of an aborted request. */
  let trial: { startedAt: number } | undefined;

  const state = (): BreakerState => {
    if (consecutiveFailures < failureThreshold) return 'closed';
    return clock.now() - openedAt < openMs ? 'open' : 'half_open';
  };

  return {
    get state() {
      return state();
    },
    async run(work) {
      const now = state();
      const isTrialRunning = trial !== undefined && clock.now() - trial.startedAt < openMs;
      if (now === 'open' || (now === 'half_open' && isTrialRunning))
        throw createOpenError(name, openedAt + openMs - clock.now());
      const own = now === 'half_open' ? { startedAt: clock.now() } : undefined;
      if (own) trial = own;
      // Calls that began before it opened are ignored: only the trial closes it, or opens it again.
      const decides = () => state() === 'closed' || (own !== undefined && own === trial);
      try {
        const result = await work();
        if (decides()) consecutiveFailures = 0;
        return result;
      } catch (error) {
        if (decides()) {
          consecutiveFailures = isFailure(error) ? consecutiveFailures + 1 : 0;
          openedAt = clock.now();
        }
        throw error;
      } finally {
        if (own === trial) trial = undefined;
      }
    },
  };
}
