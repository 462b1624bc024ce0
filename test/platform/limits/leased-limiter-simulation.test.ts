import { describe, expect, it } from 'vitest';
import { createLeasedLimiter } from '../../../src/platform/limits/index.ts';
import type { Limiter, LimitRule } from '../../../src/platform/http/index.ts';
import { MemoryLimiters } from '../../support/memory-limiters.ts';
import { randomFrom } from '../../support/random.ts';

const WINDOW_MS = 60_000;
const target = { owner: 'org_1', subject: 'usr_1' };

interface Storm {
  seed: number;
  isolates: number;
  limit: number;
  /** Requests in each window. */
  calls: number;
  windows: number;
  /** When a request arrives, from the start of the first window. */
  callAtMs(random: () => number): number;
  /** Probabilities that a request is lost, that its answer is lost, and that the isolate crashes. */
  requestLost: number;
  answerLost: number;
  death: number;
}

interface StormOutcome {
  /** Admissions by window of the object's clock. */
  admitted: Map<number, number>;
  /** Most admissions that were lost with messages or crashed isolates, by window. */
  wasted: Map<number, number>;
}

/**
 * Isolates with clocks of their own call over a network that delays, loses and reorders, on a clock that only the
 * simulation moves. No request is admitted uncounted: the rule refuses while the object cannot be reached.
 */
async function simulate(storm: Storm): Promise<StormOutcome> {
  const random = randomFrom(storm.seed);
  let nowMs = 1_000_000 * WINDOW_MS;
  const endMs = nowMs + storm.windows * WINDOW_MS;
  const objects = new MemoryLimiters({ now: () => nowMs });
  const rule: LimitRule = { name: 'api', limit: storm.limit, windowSeconds: 60 };
  const outcome: StormOutcome = { admitted: new Map(), wasted: new Map() };
  const addToWindow = (counts: Map<number, number>, amount: number) => {
    const window = Math.floor(nowMs / WINDOW_MS);
    counts.set(window, (counts.get(window) ?? 0) + amount);
  };
  const share = Math.floor(storm.limit / 10);

  const events: { atMs: number; run: () => void }[] = [];
  const schedule = (ms: number, run: () => void) => events.push({ atMs: nowMs + ms, run });

  /** Polling interval of waiting callers, in simulated time. */
  const LOOK_MS = 20;
  const makeIsolate = (): Limiter => {
    const offset = Math.floor((random() - 0.5) * 10_000_000);
    return createLeasedLimiter(
      {
        lease: (owner, request) =>
          new Promise((resolve, reject) => {
            const travelMs = () => Math.floor(random() ** 4 * 900);
            const fail = () => schedule(travelMs(), () => reject(new Error('lost')));
            if (random() < storm.requestLost) {
              addToWindow(outcome.wasted, request.returned);
              return fail();
            }
            schedule(travelMs(), () => {
              const answer = objects.core(owner).lease(request, nowMs);
              if (random() < storm.answerLost) {
                addToWindow(outcome.wasted, answer.granted);
                fail();
              } else schedule(travelMs(), () => resolve(answer));
            });
          }),
      },
      { now: () => nowMs + offset },
      {
        answerTimeoutMs: 60_000,
        timers: { random, sleep: () => new Promise((resolve) => schedule(LOOK_MS, () => resolve())) },
      },
    );
  };

  const isolates = Array.from({ length: storm.isolates }, makeIsolate);
  for (let i = 0; i < storm.calls * storm.windows; i++)
    schedule(storm.callAtMs(random), () => {
      const at = Math.floor(random() ** 2 * isolates.length); // some are busier than others
      if (random() < storm.death) {
        isolates[at] = makeIsolate();
        addToWindow(outcome.wasted, share);
      }
      const taken = isolates[at]!.take(target, rule);
      const settle = ({ admitted }: { admitted: boolean }) => addToWindow(outcome.admitted, admitted ? 1 : 0);
      if (taken instanceof Promise) void taken.then(settle);
      else settle(taken);
    });

  while (events.length > 0) {
    events.sort((a, b) => b.atMs - a.atMs);
    const event = events.pop()!;
    if (event.atMs >= endMs + WINDOW_MS) break;
    nowMs = Math.max(nowMs, event.atMs);
    event.run();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return outcome;
}

const atAnyTime = (windows: number) => (random: () => number) => random() * windows * WINDOW_MS;
/** From 4 s before the end of a window to 4 s after it: leases are held when it ends, and the next one is used up. */
const aroundWindowEnd = (windows: number) => (random: () => number) =>
  (1 + Math.floor(random() * (windows - 1))) * WINDOW_MS + (random() - 0.5) * 8_000;
const seeds = Array.from({ length: 6 }, (_, i) => i + 1);

describe('any number of isolates', () => {
  it.each(seeds)('never admit more than the limit, whatever is lost or crashes (seed %i)', async (seed) => {
    const storm = { limit: 100, calls: 300, windows: 4, requestLost: 0.03, answerLost: 0.03, death: 0.02 };
    for (const isolates of [1, 3, 12])
      for (const callAtMs of [atAnyTime(4), aroundWindowEnd(4)]) {
        const { admitted } = await simulate({ ...storm, seed, isolates, callAtMs });
        for (const count of admitted.values()) expect(count).toBeLessThanOrEqual(100);
      }
  });

  it.each(seeds)(
    'strand at most a tenth of the limit each, besides what was lost (seed %i)',
    async (seed) => {
      const storm = { isolates: 4, limit: 100, calls: 900, windows: 2, requestLost: 0.02, answerLost: 0.02 };
      const { admitted, wasted } = await simulate({ ...storm, seed, death: 0.005, callAtMs: atAnyTime(2) });
      for (const [window, count] of [...admitted].slice(0, 2)) {
        expect(count).toBeLessThanOrEqual(100);
        expect(count).toBeGreaterThanOrEqual(100 - 4 * 10 - (wasted.get(window) ?? 0));
      }
    },
  );

  it.each(seeds)('admit at least half of the limit together (seed %i)', async (seed) => {
    const storm = { isolates: 60, limit: 100, calls: 900, windows: 1, requestLost: 0, answerLost: 0 };
    const { admitted } = await simulate({ ...storm, seed, death: 0, callAtMs: atAnyTime(1) });
    const [count] = admitted.values();
    expect(count).toBeLessThanOrEqual(100);
    expect(count).toBeGreaterThanOrEqual(50);
  });
});
