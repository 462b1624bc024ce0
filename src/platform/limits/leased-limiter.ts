import { type Clock, SingleFlight, systemTimers, type Timers, withTimeout } from '../../kernel/core/index.ts';
import {
  applyGrant,
  decideFromLease,
  decideDegraded,
  type Lease,
  createEmptyLease,
  type WaitingCaller,
  serveWaitingCallers,
} from './lease.rules.ts';
import type { LimitCounters } from './limits.ports.ts';
import type { LimitDecision, Limiter, LimitRule, LimitSubject } from '../http/index.ts';

/** On Workers the clock stands still while code runs, so a lease is not spent this close to the end of its window. */
const STILL_CLOCK_MS = 100;
const ANSWER_TIMEOUT_MS = 2_000;
/** After a failure the object is not called for this long. */
const OUTAGE_MS = 2_000;
/** The object is asked again when an answer arrives after its window ended or the request in flight was lost. */
const MAX_ROUNDS = 4;
const MAX_KEYS = 10_000;

const createTimeoutError = () => new Error('no answer in time');

export interface LeasedLimiterOptions {
  answerTimeoutMs?: number;
  timers?: Timers;
  maxKeys?: number;
}

/**
 * The isolate's side: holds a lease of admissions per count and spends it without a call to the object. Only admissions
 * that the object granted are spent, and only within the window of the grant.
 * Several callers wait for one request to the object.
 */
class LeasedLimiter implements Limiter {
  readonly #counters: LimitCounters;
  readonly #clock: Clock;
  readonly #options: Required<LeasedLimiterOptions>;
  readonly #leases = new Map<string, Lease>();

  constructor(counters: LimitCounters, clock: Clock, options: Required<LeasedLimiterOptions>) {
    this.#counters = counters;
    this.#clock = clock;
    this.#options = options;
  }

  take(target: LimitSubject, rule: LimitRule): LimitDecision | Promise<LimitDecision> {
    const key = `${rule.name}|${target.owner}|${target.subject}`;
    const existing = this.#leases.get(key);
    const decision =
      existing &&
      decideFromLease(existing, rule, this.#clock.now(), STILL_CLOCK_MS, existing.waitingCallers.length);
    return decision ?? this.#waitForDecision(this.#touchLease(key, rule), target, rule);
  }

  /** Finds or makes the lease and marks it as the most recently used; drops the least recently used beyond the bound. */
  #touchLease(key: string, rule: LimitRule): Lease {
    const lease = this.#leases.get(key) ?? createEmptyLease(rule);
    this.#leases.delete(key);
    if (this.#leases.size >= this.#options.maxKeys) this.#leases.delete(this.#leases.keys().next().value!);
    this.#leases.set(key, lease);
    return lease;
  }

  async #waitForDecision(lease: Lease, target: LimitSubject, rule: LimitRule): Promise<LimitDecision> {
    const caller: WaitingCaller = { decision: undefined, validUntilMs: 0 };
    lease.waitingCallers.push(caller);
    for (let round = 0; round < MAX_ROUNDS; round++) {
      await this.#requestOrAwaitLease(lease, target, rule, caller);
      const { decision } = caller;
      // The caller was woken after the window of its admission ended, so the admission is void.
      const isExpired = decision?.admitted && !decision.degraded && this.#clock.now() >= caller.validUntilMs;
      if (decision && !isExpired) return decision;
      if (isExpired) {
        caller.decision = undefined;
        lease.waitingCallers.push(caller);
      }
    }
    lease.waitingCallers.splice(lease.waitingCallers.indexOf(caller), 1);
    lease.cause = new Error(`no usable answer in ${MAX_ROUNDS} rounds`);
    return decideDegraded(lease, rule, this.#clock.now());
  }

  /** Sends a request, or waits for the one in flight; returns when it was answered or timed out. */
  async #requestOrAwaitLease(
    lease: Lease,
    target: LimitSubject,
    rule: LimitRule,
    caller: WaitingCaller,
  ): Promise<void> {
    const { answerTimeoutMs: timeoutMs, timers } = this.#options;
    lease.request ??= new SingleFlight({ timeoutMs, timers });
    await lease.request.runOrWait(
      () => this.#requestLease(lease, target, rule),
      () => caller.decision !== undefined,
    );
  }

  async #requestLease(lease: Lease, { owner, subject }: LimitSubject, rule: LimitRule): Promise<void> {
    const sentAtMs = this.#clock.now();
    const isWindowOpen = sentAtMs < lease.endsAtMs;
    // Returned admissions are cleared before the request: a lost request can lose admissions, never double them.
    const returned = isWindowOpen ? lease.unspent : 0;
    lease.unspent = 0;
    try {
      const answer = this.#counters.lease(owner, {
        subject,
        rule,
        waiters: lease.waitingCallers.length,
        spent: isWindowOpen ? lease.spent : 0,
        returned,
        window: lease.window,
      });
      const { answerTimeoutMs } = this.#options;
      applyGrant(lease, rule, await withTimeout(answer, answerTimeoutMs, createTimeoutError), sentAtMs);
    } catch (error) {
      lease.outageUntilMs = this.#clock.now() + OUTAGE_MS;
      lease.cause = error;
    }
    serveWaitingCallers(lease, rule, this.#clock.now());
  }
}

export function createLeasedLimiter(
  counters: LimitCounters,
  clock: Clock,
  {
    answerTimeoutMs = ANSWER_TIMEOUT_MS,
    maxKeys = MAX_KEYS,
    timers = systemTimers,
  }: LeasedLimiterOptions = {},
): Limiter {
  return new LeasedLimiter(counters, clock, { answerTimeoutMs, maxKeys, timers });
}
