import { type Clock, systemTimers, type Timers, pollUntil, withTimeout } from '../../kernel/core/index.ts';
import {
  applyGrant,
  decideFromLease,
  decideDegraded,
  type Lease,
  createEmptyLease,
  type WaitingCaller,
  serveWaitingCallers,
} from './lease.rules.ts';
import type { LimitCounters, LimitDecision, Limiter, LimitRule, LimitSubject } from './limits.ports.ts';

/** On Workers the clock stands still while code runs; a lease is not spent so close to its end that this could matter. */
const STILL_CLOCK_MS = 100;
const ANSWER_TIMEOUT_MS = 2_000;
/** After a failure the object is left alone for this long. */
const OUTAGE_MS = 2_000;
/** An answer may come after its window ended, and a newer caller's request may have been lost: then it is asked again. */
const MAX_ROUNDS = 4;
const MAX_KEYS = 10_000;

const createTimeoutError = () => new Error('no answer in time');

export interface LeasedLimiterOptions {
  answerTimeoutMs?: number;
  timers?: Timers;
  maxKeys?: number;
}

/**
 * The isolate's side: holds a lease of admissions for each count and spends it without leaving the isolate. Only what
 * the object granted, within the window it granted it for, is ever spent.
 *
 * A request that others wait for is sent in the context of one caller. When that caller goes away the runtime may drop
 * its request without a word, so whoever waits has a time limit of their own and then asks themselves.
 */
export function createLeasedLimiter(
  counters: LimitCounters,
  clock: Clock,
  {
    answerTimeoutMs = ANSWER_TIMEOUT_MS,
    maxKeys = MAX_KEYS,
    timers = systemTimers,
  }: LeasedLimiterOptions = {},
): Limiter {
  const leases = new Map<string, Lease>();

  /** Finds or makes the lease and makes it the youngest; the oldest goes when there are too many. */
  const touchLease = (key: string, rule: LimitRule): Lease => {
    const lease = leases.get(key) ?? createEmptyLease(rule);
    leases.delete(key);
    if (leases.size >= maxKeys) leases.delete(leases.keys().next().value!);
    leases.set(key, lease);
    return lease;
  };

  const requestLease = async (
    lease: Lease,
    { owner, subject }: LimitSubject,
    rule: LimitRule,
  ): Promise<void> => {
    const sentAtMs = clock.now();
    const isWindowOpen = sentAtMs < lease.endsAtMs;
    // What is given back is given up first: a lost request can only lose admissions, never double them.
    const returned = isWindowOpen ? lease.unspent : 0;
    lease.unspent = 0;
    try {
      const request = {
        subject,
        rule,
        waiters: lease.waitingCallers.length,
        spent: isWindowOpen ? lease.spent : 0,
        returned,
        window: lease.window,
      };
      applyGrant(
        lease,
        rule,
        await withTimeout(counters.lease(owner, request), answerTimeoutMs, createTimeoutError),
        sentAtMs,
      );
    } catch (error) {
      lease.outageUntilMs = clock.now() + OUTAGE_MS;
      lease.cause = error;
    }
    serveWaitingCallers(lease, rule, clock.now());
  };

  /** Sends a request, or waits for the one in flight; after it has been answered, or given up. */
  const requestOrAwaitLease = async (
    lease: Lease,
    target: LimitSubject,
    rule: LimitRule,
    caller: WaitingCaller,
  ): Promise<void> => {
    const { requestInFlight } = lease;
    if (requestInFlight) {
      const isAnswered = await pollUntil(
        () => caller.decision !== undefined || lease.requestInFlight !== requestInFlight,
        answerTimeoutMs,
        timers,
      );
      if (!isAnswered) lease.requestInFlight = undefined; // its sender is gone: the next round sends anew
      return;
    }
    const ownRequest = {};
    lease.requestInFlight = ownRequest;
    await requestLease(lease, target, rule);
    if (lease.requestInFlight === ownRequest) lease.requestInFlight = undefined;
  };

  const waitForDecision = async (
    lease: Lease,
    target: LimitSubject,
    rule: LimitRule,
  ): Promise<LimitDecision> => {
    const caller: WaitingCaller = { decision: undefined, validUntilMs: 0 };
    lease.waitingCallers.push(caller);
    for (let round = 0; round < MAX_ROUNDS; round++) {
      await requestOrAwaitLease(lease, target, rule, caller);
      const { decision } = caller;
      // Woken after the window it was admitted in: an admission does not outlive its window.
      const isExpired = decision?.admitted && !decision.degraded && clock.now() >= caller.validUntilMs;
      if (decision && !isExpired) return decision;
      if (isExpired) {
        caller.decision = undefined;
        lease.waitingCallers.push(caller);
      }
    }
    lease.waitingCallers.splice(lease.waitingCallers.indexOf(caller), 1);
    lease.cause = new Error(`no usable answer in ${MAX_ROUNDS} rounds`);
    return decideDegraded(lease, rule, clock.now());
  };

  return {
    take(target, rule) {
      const key = `${rule.name}|${target.owner}|${target.subject}`;
      const existing = leases.get(key);
      const decision =
        existing &&
        decideFromLease(existing, rule, clock.now(), STILL_CLOCK_MS, existing.waitingCallers.length);
      return decision ?? waitForDecision(touchLease(key, rule), target, rule);
    },
  };
}
