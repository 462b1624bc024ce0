import { type Clock } from '../core/index.ts';
import type {
  LeaseAnswer,
  LimitCounters,
  LimitDecision,
  Limiter,
  LimitRule,
  LimitSubject,
} from './limits.ports.ts';

/** What an isolate knows of an object is at most this old: an override takes effect everywhere within this time. */
export const KNOWLEDGE_MS = 5_000;
/** On Workers the clock stands still while code runs; a lease is not spent so close to its end that this could matter. */
const STILL_CLOCK_MS = 100;
const ANSWER_WITHIN_MS = 1_000;
/** After a failure the object is left alone for this long. */
const OUTAGE_MS = 2_000;
/** Of the limit, what an isolate lets through uncounted in a window while the object cannot be reached. */
export const DEGRADED_SHARE = 1 / 4;
/** An answer may come after its window ended, and a newer caller's request may have been lost: then it is asked again. */
const MAX_ROUNDS = 4;
const MAX_KEYS = 10_000;

/** What the isolate knows of one count. */
interface Entry {
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
  waiting: number;
  asking: Promise<void> | undefined;
  outageUntilMs: number;
  cause: unknown;
  localLeft: number;
  localEndsAtMs: number;
}

export interface LeasedLimiterOptions {
  answerWithinMs?: number;
  maxKeys?: number;
}

function within<T>(work: Promise<T>, ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

function openEntry(rule: LimitRule): Entry {
  return {
    rule,
    window: -1,
    left: 0,
    spent: 0,
    beyond: 0,
    endsAtMs: 0,
    freshUntilMs: 0,
    waiting: 0,
    asking: undefined,
    outageUntilMs: 0,
    cause: undefined,
    localLeft: 0,
    localEndsAtMs: 0,
  };
}

const secondsUntil = (atMs: number, nowMs: number) => Math.max(1, Math.ceil((atMs - nowMs) / 1000));

/** Decided without the object: a few are let through, or none where the rule says so. */
function decideAlone(entry: Entry, rule: LimitRule, nowMs: number): LimitDecision {
  const { cause } = entry;
  if (rule.failClosed) {
    const resetSeconds = secondsUntil(entry.outageUntilMs, nowMs);
    return { admitted: false, rule, remaining: 0, resetSeconds, degraded: true, cause };
  }
  if (nowMs >= entry.localEndsAtMs) {
    entry.localEndsAtMs = nowMs + rule.windowSeconds * 1000;
    entry.localLeft = Math.ceil(rule.limit * DEGRADED_SHARE);
  }
  const admitted = entry.localLeft > 0;
  if (admitted) entry.localLeft--;
  const resetSeconds = secondsUntil(entry.localEndsAtMs, nowMs);
  return { admitted, rule, remaining: entry.localLeft, resetSeconds, degraded: true, cause };
}

/**
 * What can be decided with what is known; undefined when the object has to be asked.
 * @param reserved admissions of the lease that callers who came earlier wait for
 */
function decide(
  entry: Entry,
  rule: LimitRule,
  nowMs: number,
  marginMs: number,
  reserved: number,
): LimitDecision | undefined {
  if (nowMs < entry.freshUntilMs && nowMs + marginMs < entry.endsAtMs) {
    const admitted = entry.left > reserved;
    if (admitted) {
      entry.left--;
      entry.spent++;
    }
    if (admitted || (entry.left === 0 && entry.beyond === 0))
      return {
        admitted,
        rule: entry.rule,
        remaining: entry.left + entry.beyond,
        resetSeconds: secondsUntil(entry.endsAtMs, nowMs),
      };
  }
  return nowMs < entry.outageUntilMs ? decideAlone(entry, rule, nowMs) : undefined;
}

function absorb(entry: Entry, rule: LimitRule, answer: LeaseAnswer, sentAtMs: number): void {
  if (answer.window < entry.window) return; // overtaken by an answer for a later window
  if (answer.window > entry.window) {
    entry.window = answer.window;
    entry.left = 0;
    entry.spent = 0;
    entry.endsAtMs = 0;
  }
  entry.rule = answer.limit === rule.limit ? rule : { ...rule, limit: answer.limit };
  entry.left += answer.granted;
  entry.beyond = answer.remaining;
  entry.endsAtMs = Math.max(entry.endsAtMs, sentAtMs + answer.leftMs);
  entry.freshUntilMs = Math.max(entry.freshUntilMs, sentAtMs + KNOWLEDGE_MS);
  entry.outageUntilMs = 0;
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
  { answerWithinMs = ANSWER_WITHIN_MS, maxKeys = MAX_KEYS }: LeasedLimiterOptions = {},
): Limiter {
  const entries = new Map<string, Entry>();

  /** Finds or makes the entry and makes it the youngest; the oldest goes when there are too many. */
  const touch = (key: string, rule: LimitRule): Entry => {
    const entry = entries.get(key) ?? openEntry(rule);
    entries.delete(key);
    if (entries.size >= maxKeys) entries.delete(entries.keys().next().value!);
    entries.set(key, entry);
    return entry;
  };

  const ask = async (entry: Entry, { owner, subject }: LimitSubject, rule: LimitRule): Promise<void> => {
    const sentAtMs = clock.now();
    const current = sentAtMs < entry.endsAtMs;
    // What is given back is given up first: a lost request can only lose admissions, never double them.
    const returned = current ? entry.left : 0;
    entry.left = 0;
    try {
      const request = {
        subject,
        rule,
        waiters: entry.waiting,
        spent: current ? entry.spent : 0,
        returned,
        window: entry.window,
      };
      absorb(entry, rule, await within(counters.lease(owner, request), answerWithinMs), sentAtMs);
    } catch (error) {
      entry.outageUntilMs = clock.now() + OUTAGE_MS;
      entry.cause = error;
    }
  };

  /** Joins the request in flight, or sends one; after it has been answered, or given up. */
  const asked = async (entry: Entry, who: LimitSubject, rule: LimitRule): Promise<void> => {
    if (!entry.asking) {
      const asking = ask(entry, who, rule).finally(() => {
        if (entry.asking === asking) entry.asking = undefined;
      });
      entry.asking = asking;
      return asking;
    }
    const { asking } = entry;
    try {
      await within(asking, answerWithinMs);
    } catch {
      if (entry.asking === asking) entry.asking = undefined; // its sender is gone: the next round sends anew
    }
  };

  const wait = async (entry: Entry, who: LimitSubject, rule: LimitRule): Promise<LimitDecision> => {
    entry.waiting++;
    try {
      for (let round = 0; round < MAX_ROUNDS; round++) {
        await asked(entry, who, rule);
        const decision = decide(entry, rule, clock.now(), 0, 0);
        if (decision) return decision;
      }
      entry.cause = new Error(`no usable answer in ${MAX_ROUNDS} rounds`);
      return decideAlone(entry, rule, clock.now());
    } finally {
      entry.waiting--;
    }
  };

  return {
    take(who, rule) {
      const key = `${rule.name}|${who.owner}|${who.subject}`;
      const known = entries.get(key);
      const decision = known && decide(known, rule, clock.now(), STILL_CLOCK_MS, known.waiting);
      return decision ?? wait(touch(key, rule), who, rule);
    },
  };
}
