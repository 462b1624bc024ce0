import type { LeaseAnswer, LimitDecision, LimitRule } from './limits.ports.ts';

/** What an isolate knows of an object is at most this old: an override takes effect everywhere within this time. */
export const KNOWLEDGE_MS = 5_000;
/** Of the limit, what an isolate lets through uncounted in a window while the object cannot be reached. */
const DEGRADED_SHARE = 1 / 4;

/** The place of someone who waits, and what was decided for them. */
export interface Place {
  decision: LimitDecision | undefined;
  /** End of the window in which it was made. */
  goodUntilMs: number;
}

/** What an isolate knows of one count: an unspent lease, or that there is nothing left, or that nobody answers. */
export interface Lease {
  /** With the limit that the object applies. */
  rule: LimitRule;
  window: number;
  /** Unspent admissions of the lease. */
  left: number;
  spent: number;
  /** Left at the object after its last grant. */
  beyond: number;
  /** End of the window at the latest, counted from when the request was sent: never later than it really is. */
  endsAtMs: number;
  freshUntilMs: number;
  /** Those who wait for an answer, in the order they came. */
  queue: Place[];
  /** The request under way, if there is one. */
  flight: object | undefined;
  outageUntilMs: number;
  cause: unknown;
  localLeft: number;
  localEndsAtMs: number;
}

/** Of a count that nothing is known of yet. */
export function openLease(rule: LimitRule): Lease {
  return {
    rule,
    window: -1,
    left: 0,
    spent: 0,
    beyond: 0,
    endsAtMs: 0,
    freshUntilMs: 0,
    queue: [],
    flight: undefined,
    outageUntilMs: 0,
    cause: undefined,
    localLeft: 0,
    localEndsAtMs: 0,
  };
}

const secondsUntil = (atMs: number, nowMs: number) => Math.max(1, Math.ceil((atMs - nowMs) / 1000));

/** Decided without the object: nothing is admitted that is not counted, but a few where the rule says so. */
export function decideAlone(lease: Lease, rule: LimitRule, nowMs: number): LimitDecision {
  const { cause } = lease;
  if (!rule.failOpen) {
    const resetSeconds = secondsUntil(lease.outageUntilMs, nowMs);
    return { admitted: false, rule, remaining: 0, resetSeconds, degraded: true, cause };
  }
  if (nowMs >= lease.localEndsAtMs) {
    lease.localEndsAtMs = nowMs + rule.windowSeconds * 1000;
    lease.localLeft = Math.ceil(rule.limit * DEGRADED_SHARE);
  }
  const admitted = lease.localLeft > 0;
  if (admitted) lease.localLeft--;
  const resetSeconds = secondsUntil(lease.localEndsAtMs, nowMs);
  return { admitted, rule, remaining: lease.localLeft, resetSeconds, degraded: true, cause };
}

/**
 * What can be decided with what is known; undefined when the object has to be asked.
 * @param reserved admissions of the lease that callers who came earlier wait for
 */
export function decide(
  lease: Lease,
  rule: LimitRule,
  nowMs: number,
  marginMs: number,
  reserved: number,
): LimitDecision | undefined {
  if (nowMs < lease.freshUntilMs && nowMs + marginMs < lease.endsAtMs) {
    const admitted = lease.left > reserved;
    if (admitted) {
      lease.left--;
      lease.spent++;
    }
    if (admitted || (lease.left === 0 && lease.beyond === 0))
      return {
        admitted,
        rule: lease.rule,
        remaining: lease.left + lease.beyond,
        resetSeconds: secondsUntil(lease.endsAtMs, nowMs),
      };
  }
  return nowMs < lease.outageUntilMs ? decideAlone(lease, rule, nowMs) : undefined;
}

/** Takes in what the object granted; it counts from when it was asked for. */
export function absorb(lease: Lease, rule: LimitRule, answer: LeaseAnswer, sentAtMs: number): void {
  if (answer.window < lease.window) return; // overtaken by an answer for a later window
  if (answer.window > lease.window) {
    lease.window = answer.window;
    lease.left = 0;
    lease.spent = 0;
    lease.endsAtMs = 0;
  }
  lease.rule = answer.limit === rule.limit ? rule : { ...rule, limit: answer.limit };
  lease.left += answer.granted;
  lease.beyond = answer.remaining;
  lease.endsAtMs = Math.max(lease.endsAtMs, sentAtMs + answer.leftMs);
  lease.freshUntilMs = Math.max(lease.freshUntilMs, sentAtMs + KNOWLEDGE_MS);
  lease.outageUntilMs = 0;
}

/**
 * Decides for those who wait, in the order they came, as far as what is known goes. Done the moment an answer is in:
 * the runtime wakes each of them as an event of its own, and whoever comes in between must not take what is theirs.
 */
export function serve(lease: Lease, rule: LimitRule, nowMs: number): void {
  for (let place = lease.queue[0]; place; place = lease.queue[0]) {
    place.decision = decide(lease, rule, nowMs, 0, 0);
    if (!place.decision) return;
    place.goodUntilMs = lease.endsAtMs;
    lease.queue.shift();
  }
}
