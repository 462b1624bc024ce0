import { type Clock, systemTimers, type Timers, until, within } from '../core/index.ts';
import { absorb, decide, decideAlone, type Lease, openLease, type Place, serve } from './lease.ts';
import type { LimitCounters, LimitDecision, Limiter, LimitRule, LimitSubject } from './limits.ports.ts';

/** On Workers the clock stands still while code runs; a lease is not spent so close to its end that this could matter. */
const STILL_CLOCK_MS = 100;
const ANSWER_WITHIN_MS = 2_000;
/** After a failure the object is left alone for this long. */
const OUTAGE_MS = 2_000;
/** An answer may come after its window ended, and a newer caller's request may have been lost: then it is asked again. */
const MAX_ROUNDS = 4;
const MAX_KEYS = 10_000;

const noAnswer = () => new Error('no answer in time');

export interface LeasedLimiterOptions {
  answerWithinMs?: number;
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
  { answerWithinMs = ANSWER_WITHIN_MS, maxKeys = MAX_KEYS, timers = systemTimers }: LeasedLimiterOptions = {},
): Limiter {
  const leases = new Map<string, Lease>();

  /** Finds or makes the lease and makes it the youngest; the oldest goes when there are too many. */
  const touch = (key: string, rule: LimitRule): Lease => {
    const lease = leases.get(key) ?? openLease(rule);
    leases.delete(key);
    if (leases.size >= maxKeys) leases.delete(leases.keys().next().value!);
    leases.set(key, lease);
    return lease;
  };

  const ask = async (lease: Lease, { owner, subject }: LimitSubject, rule: LimitRule): Promise<void> => {
    const sentAtMs = clock.now();
    const current = sentAtMs < lease.endsAtMs;
    // What is given back is given up first: a lost request can only lose admissions, never double them.
    const returned = current ? lease.left : 0;
    lease.left = 0;
    try {
      const request = {
        subject,
        rule,
        waiters: lease.queue.length,
        spent: current ? lease.spent : 0,
        returned,
        window: lease.window,
      };
      absorb(lease, rule, await within(counters.lease(owner, request), answerWithinMs, noAnswer), sentAtMs);
    } catch (error) {
      lease.outageUntilMs = clock.now() + OUTAGE_MS;
      lease.cause = error;
    }
    serve(lease, rule, clock.now());
  };

  /** Sends a request, or waits for the one in flight; after it has been answered, or given up. */
  const asked = async (lease: Lease, who: LimitSubject, rule: LimitRule, place: Place): Promise<void> => {
    const { flight } = lease;
    if (flight) {
      const landed = await until(
        () => place.decision !== undefined || lease.flight !== flight,
        answerWithinMs,
        timers,
      );
      if (!landed) lease.flight = undefined; // its sender is gone: the next round sends anew
      return;
    }
    const own = {};
    lease.flight = own;
    await ask(lease, who, rule);
    if (lease.flight === own) lease.flight = undefined;
  };

  const wait = async (lease: Lease, who: LimitSubject, rule: LimitRule): Promise<LimitDecision> => {
    const place: Place = { decision: undefined, goodUntilMs: 0 };
    lease.queue.push(place);
    for (let round = 0; round < MAX_ROUNDS; round++) {
      await asked(lease, who, rule, place);
      const { decision } = place;
      // Woken after the window it was admitted in: an admission does not outlive its window.
      const outlived = decision?.admitted && !decision.degraded && clock.now() >= place.goodUntilMs;
      if (decision && !outlived) return decision;
      if (outlived) {
        place.decision = undefined;
        lease.queue.push(place);
      }
    }
    lease.queue.splice(lease.queue.indexOf(place), 1);
    lease.cause = new Error(`no usable answer in ${MAX_ROUNDS} rounds`);
    return decideAlone(lease, rule, clock.now());
  };

  return {
    take(who, rule) {
      const key = `${rule.name}|${who.owner}|${who.subject}`;
      const known = leases.get(key);
      const decision = known && decide(known, rule, clock.now(), STILL_CLOCK_MS, known.queue.length);
      return decision ?? wait(touch(key, rule), who, rule);
    },
  };
}
