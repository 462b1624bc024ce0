import type { SingleFlight } from '../../kernel/core/index.ts';
import type { LeaseAnswer } from './limits.ports.ts';
import type { LimitDecision, LimitRule } from '../http/index.ts';

/** Most age of what an isolate knows about an object: an override applies everywhere within this time. */
export const MAX_KNOWLEDGE_AGE_MS = 5_000;
/** Share of the limit that an isolate admits without counting in a window while the object cannot be reached. */
const DEGRADED_SHARE = 1 / 4;

/** A caller that waits for a decision, and the decision. */
export interface WaitingCaller {
  decision: LimitDecision | undefined;
  /** End of the window in which the decision was made. */
  validUntilMs: number;
}

/** What an isolate knows about one count: an unspent lease, an exhausted limit, or an outage of the object. */
export interface Lease {
  /** The rule with the limit that the object applies. */
  rule: LimitRule;
  window: number;
  /** Unspent admissions of the lease. */
  unspent: number;
  spent: number;
  /** Admissions left at the object after its last grant. */
  leftAtObject: number;
  /** End of the window, counted from when the request was sent; never later than the real end. */
  endsAtMs: number;
  freshUntilMs: number;
  /** Callers that wait for an answer, in order of arrival. */
  waitingCallers: WaitingCaller[];
  /** The requests to the object, one at a time; undefined before the first. */
  request: SingleFlight | undefined;
  outageUntilMs: number;
  cause: unknown;
  degradedLeft: number;
  degradedEndsAtMs: number;
}

/** The lease of a count about which nothing is known yet. */
export function createEmptyLease(rule: LimitRule): Lease {
  return {
    rule,
    window: -1,
    unspent: 0,
    spent: 0,
    leftAtObject: 0,
    endsAtMs: 0,
    freshUntilMs: 0,
    waitingCallers: [],
    request: undefined,
    outageUntilMs: 0,
    cause: undefined,
    degradedLeft: 0,
    degradedEndsAtMs: 0,
  };
}

const secondsUntil = (atMs: number, nowMs: number) => Math.max(1, Math.ceil((atMs - nowMs) / 1000));

/** Decides while the object cannot be reached: refuses, unless the rule fails open, which admits a share uncounted. */
export function decideDegraded(lease: Lease, rule: LimitRule, nowMs: number): LimitDecision {
  const { cause } = lease;
  if (!rule.failOpen) {
    const resetSeconds = secondsUntil(lease.outageUntilMs, nowMs);
    return { admitted: false, rule, remaining: 0, resetSeconds, degraded: true, cause };
  }
  if (nowMs >= lease.degradedEndsAtMs) {
    lease.degradedEndsAtMs = nowMs + rule.windowSeconds * 1000;
    lease.degradedLeft = Math.ceil(rule.limit * DEGRADED_SHARE);
  }
  const admitted = lease.degradedLeft > 0;
  if (admitted) lease.degradedLeft--;
  const resetSeconds = secondsUntil(lease.degradedEndsAtMs, nowMs);
  return { admitted, rule, remaining: lease.degradedLeft, resetSeconds, degraded: true, cause };
}

/**
 * Decides from the lease; undefined when the object has to be asked.
 * @param marginMs milliseconds before the end of the window in which the lease is not spent any more
 * @param reserved admissions of the lease that earlier callers are waiting for
 */
export function decideFromLease(
  lease: Lease,
  rule: LimitRule,
  nowMs: number,
  marginMs: number,
  reserved: number,
): LimitDecision | undefined {
  if (nowMs < lease.freshUntilMs && nowMs + marginMs < lease.endsAtMs) {
    const admitted = lease.unspent > reserved;
    if (admitted) {
      lease.unspent--;
      lease.spent++;
    }
    if (admitted || (lease.unspent === 0 && lease.leftAtObject === 0))
      return {
        admitted,
        rule: lease.rule,
        remaining: lease.unspent + lease.leftAtObject,
        resetSeconds: secondsUntil(lease.endsAtMs, nowMs),
      };
  }
  return nowMs < lease.outageUntilMs ? decideDegraded(lease, rule, nowMs) : undefined;
}

/** Adds the object's grant to the lease; its times count from `sentAtMs`, when the request was sent. */
export function applyGrant(lease: Lease, rule: LimitRule, answer: LeaseAnswer, sentAtMs: number): void {
  if (answer.window < lease.window) return; // overtaken by an answer for a later window
  if (answer.window > lease.window) {
    lease.window = answer.window;
    lease.unspent = 0;
    lease.spent = 0;
    lease.endsAtMs = 0;
  }
  lease.rule = answer.limit === rule.limit ? rule : { ...rule, limit: answer.limit };
  lease.unspent += answer.granted;
  lease.leftAtObject = answer.remaining;
  lease.endsAtMs = Math.max(lease.endsAtMs, sentAtMs + answer.leftMs);
  lease.freshUntilMs = Math.max(lease.freshUntilMs, sentAtMs + MAX_KNOWLEDGE_AGE_MS);
  lease.outageUntilMs = 0;
}

/**
 * Decides for the waiting callers in order of arrival, as far as the lease goes. Runs as soon as an answer arrives: the
 * runtime wakes each waiting caller in an event of its own, and a caller that arrives in between must not go first.
 */
export function serveWaitingCallers(lease: Lease, rule: LimitRule, nowMs: number): void {
  for (let caller = lease.waitingCallers[0]; caller; caller = lease.waitingCallers[0]) {
    caller.decision = decideFromLease(lease, rule, nowMs, 0, 0);
    if (!caller.decision) return;
    caller.validUntilMs = lease.endsAtMs;
    lease.waitingCallers.shift();
  }
}
