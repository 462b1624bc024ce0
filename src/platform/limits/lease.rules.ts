import type { LeaseAnswer, LimitDecision, LimitRule } from './limits.ports.ts';

/** What an isolate knows of an object is at most this old: an override takes effect everywhere within this time. */
export const MAX_KNOWLEDGE_AGE_MS = 5_000;
/** Of the limit, what an isolate lets through uncounted in a window while the object cannot be reached. */
const DEGRADED_SHARE = 1 / 4;

/** The place of someone who waits, and what was decided for them. */
export interface WaitingCaller {
  decision: LimitDecision | undefined;
  /** End of the window in which it was made. */
  validUntilMs: number;
}

/** What an isolate knows of one count: an unspent lease, or that there is nothing left, or that nobody answers. */
export interface Lease {
  /** With the limit that the object applies. */
  rule: LimitRule;
  window: number;
  /** Unspent admissions of the lease. */
  unspent: number;
  spent: number;
  /** Left at the object after its last grant. */
  leftAtObject: number;
  /** End of the window at the latest, counted from when the request was sent: never later than it really is. */
  endsAtMs: number;
  freshUntilMs: number;
  /** Those who wait for an answer, in the order they came. */
  waitingCallers: WaitingCaller[];
  /** The request under way, if there is one. */
  requestInFlight: object | undefined;
  outageUntilMs: number;
  cause: unknown;
  degradedLeft: number;
  degradedEndsAtMs: number;
}

/** Of a count that nothing is known of yet. */
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
    requestInFlight: undefined,
    outageUntilMs: 0,
    cause: undefined,
    degradedLeft: 0,
    degradedEndsAtMs: 0,
  };
}

const secondsUntil = (atMs: number, nowMs: number) => Math.max(1, Math.ceil((atMs - nowMs) / 1000));

/** Decided without the object: nothing is admitted that is not counted, but a few where the rule says so. */
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
 * What can be decided with what is known; undefined when the object has to be asked.
 * @param reserved admissions of the lease that callers who came earlier wait for
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

/** Takes in what the object granted; it counts from when it was asked for. */
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
 * Decides for those who wait, in the order they came, as far as what is known goes. Done the moment an answer is in:
 * the runtime wakes each of them as an event of its own, and whoever comes in between must not take what is theirs.
 */
export function serveWaitingCallers(lease: Lease, rule: LimitRule, nowMs: number): void {
  for (let caller = lease.waitingCallers[0]; caller; caller = lease.waitingCallers[0]) {
    caller.decision = decideFromLease(lease, rule, nowMs, 0, 0);
    if (!caller.decision) return;
    caller.validUntilMs = lease.endsAtMs;
    lease.waitingCallers.shift();
  }
}
