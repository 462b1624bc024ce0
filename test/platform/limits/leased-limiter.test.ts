import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createLeasedLimiter } from '../../../src/platform/limits/index.ts';
import type { LeaseRequest, LimitCounters } from '../../../src/platform/limits/index.ts';
import type { LimitDecision, Limiter, LimitRule } from '../../../src/platform/http/index.ts';
import { MemoryLimiters } from '../../support/memory-limiters.ts';

const WINDOW_MS = 60_000;
const target = { owner: 'org_1', subject: 'usr_1' };
const rule: LimitRule = { name: 'api', limit: 100, windowSeconds: 60 };

let nowMs: number;
const clock = { now: () => nowMs };
let objects: MemoryLimiters;
let requests: LeaseRequest[];
/** Replaces the network between isolates and objects; each test makes it fail as needed. */
let answerLease: LimitCounters['lease'];
const counters: LimitCounters = {
  lease: (owner, request) => {
    requests.push(request);
    return answerLease(owner, request);
  },
};
const createIsolateLimiter = (options = {}) => createLeasedLimiter(counters, clock, options);

beforeEach(() => {
  nowMs = 1_000 * WINDOW_MS;
  objects = new MemoryLimiters(clock);
  requests = [];
  answerLease = objects.lease;
});

async function takeMany(limiter: Limiter, times: number, limitRule = rule): Promise<LimitDecision[]> {
  const decisions: LimitDecision[] = [];
  for (let i = 0; i < times; i++) decisions.push(await limiter.take(target, limitRule));
  return decisions;
}
/** Takes admissions concurrently. */
const takeAtOnce = (limiter: Limiter, times: number, limitRule = rule): Promise<LimitDecision[]> =>
  Promise.all(Array.from({ length: times }, async () => limiter.take(target, limitRule)));
const countAdmitted = (decisions: LimitDecision[]) => decisions.filter(({ admitted }) => admitted).length;

describe('a lease', () => {
  it('admits exactly the limit to one isolate, with far fewer object calls than requests', async () => {
    expect(countAdmitted(await takeMany(createIsolateLimiter(), 500, { ...rule, limit: 400 }))).toBe(400);
    expect(requests.length).toBeLessThan(50);
  });

  it('is spent synchronously', async () => {
    const limiter = createIsolateLimiter();
    await takeMany(limiter, 4);
    expect(limiter.take(target, rule)).toMatchObject({
      admitted: true,
      rule,
      remaining: 95,
      resetSeconds: 60,
    });
  });

  it('reports the remaining admissions, and the seconds until the window ends', async () => {
    const limiter = createIsolateLimiter();
    nowMs += 20_500;
    expect(await takeMany(limiter, 3)).toEqual(
      [99, 98, 97].map((remaining) => ({ admitted: true, rule, remaining, resetSeconds: 40 })),
    );
  });

  it('ends with its window, counted from when it was requested', async () => {
    const limiter = createIsolateLimiter();
    answerLease = async (owner, request) => {
      const answer = await objects.lease(owner, request);
      nowMs += 400; // on its way back
      return answer;
    };
    await takeMany(limiter, 4);
    answerLease = objects.lease;
    expect(limiter.take(target, rule)).not.toBeInstanceOf(Promise);
    nowMs = 1_001 * WINDOW_MS - 1_000;
    await limiter.take(target, rule);
    nowMs = 1_001 * WINDOW_MS - 50; // the clock of a running isolate stands still, so a lease this close to its end is not spent
    expect(limiter.take(target, rule)).toBeInstanceOf(Promise);
  });

  it('is not spent when the answer arrives after its window', async () => {
    nowMs = 1_001 * WINDOW_MS - 100;
    answerLease = async (owner, request) => {
      const answer = await objects.lease(owner, request);
      if (requests.length === 1) nowMs += 200;
      return answer;
    };
    expect(await createIsolateLimiter().take(target, rule)).toMatchObject({
      admitted: true,
      resetSeconds: 60,
    });
    expect(requests).toHaveLength(2);
  });

  it('is returned after five seconds, so that others can use it', async () => {
    const [idle, busy] = [createIsolateLimiter(), createIsolateLimiter()];
    await takeMany(idle, 20); // holds some
    nowMs += 5_000;
    await idle.take(target, rule);
    expect(requests.at(-1)!.returned).toBeGreaterThan(0);
    expect(countAdmitted(await takeMany(busy, 200))).toBeGreaterThanOrEqual(100 - 21 - 10);
  });

  it('serves concurrent callers with one object call at a time', async () => {
    const limiter = createIsolateLimiter();
    const decisions = await takeAtOnce(limiter, 250);
    expect(countAdmitted(decisions)).toBe(100);
    expect(requests.map(({ waiters }) => waiters)).toEqual([1, 249]);
  });

  it('serves callers in order of arrival', async () => {
    const limiter = createIsolateLimiter();
    const early = takeAtOnce(limiter, 3, { ...rule, limit: 3 });
    await Promise.resolve();
    const late = limiter.take(target, { ...rule, limit: 3 });
    expect(countAdmitted(await early)).toBe(3);
    expect((await late).admitted).toBe(false);
  });
});

describe('a refusal', () => {
  it('is cached: a caller over the limit costs no object call', async () => {
    const limiter = createIsolateLimiter();
    await takeMany(limiter, 100);
    const asked = requests.length;
    expect(limiter.take(target, rule)).toMatchObject({ admitted: false, remaining: 0, resetSeconds: 60 });
    expect(requests).toHaveLength(asked);
  });

  it('ends with the window', async () => {
    const limiter = createIsolateLimiter();
    await takeMany(limiter, 101);
    nowMs += WINDOW_MS;
    expect((await limiter.take(target, rule)).admitted).toBe(true);
  });

  it('follows an override within five seconds, up and down', async () => {
    const limiter = createIsolateLimiter();
    await takeMany(limiter, 101);
    const core = objects.core(target.owner);
    core.setOverrides({ limits: { api: 120 }, setAtMs: nowMs });
    expect(await limiter.take(target, rule)).toMatchObject({ admitted: false });
    nowMs += 5_000;
    const decisions = await takeMany(limiter, 30);
    expect(countAdmitted(decisions)).toBe(20);
    expect(decisions[0]!.rule.limit).toBe(120);
    nowMs += WINDOW_MS;
    await takeMany(limiter, 10);
    core.setOverrides({ limits: { api: 5 }, setAtMs: nowMs });
    nowMs += 5_000;
    expect(await limiter.take(target, rule)).toMatchObject({ admitted: false, rule: { limit: 5 } });
  });

  it('does not restore an override that a later one replaced', () => {
    const core = objects.core(target.owner);
    core.setOverrides({ limits: { api: 2 }, setAtMs: 200 });
    core.setOverrides({ limits: { api: 1 }, setAtMs: 100 });
    expect(core.overrides()).toEqual({ limits: { api: 2 }, setAtMs: 200 });
  });
});

it('waiting callers are served before later ones, also when nothing is granted in advance', async () => {
  nowMs = Math.ceil(nowMs / 60_000) * 60_000 - 50;
  const limiter = createIsolateLimiter();
  const decisions: LimitDecision[] = [];
  // Each answered caller is followed at once by a new one.
  const chain = async (left: number): Promise<void> => {
    decisions.push(await limiter.take(target, rule));
    if (left > 1) await chain(left - 1);
  };
  await Promise.all(Array.from({ length: 8 }, () => chain(8)));
  expect(decisions.some(({ degraded }) => degraded)).toBe(false);
  expect(countAdmitted(decisions)).toBe(64);
});

describe('an object that cannot be reached', () => {
  const lost = async () => {
    throw new Error('the network is down');
  };
  const silent = () => new Promise<never>(() => undefined);

  it.each([
    ['throws', lost],
    ['is slow', silent],
  ])('admits nothing uncounted, and marks the decision, when it %s', async (_how, broken) => {
    answerLease = broken;
    const limiter = createIsolateLimiter({ answerWithinMs: 5 });
    const decisions = await takeMany(limiter, 40);
    expect(decisions.every(({ admitted, degraded }) => !admitted && degraded)).toBe(true);
    expect(decisions[0]).toMatchObject({ resetSeconds: 2 });
    expect(requests).toHaveLength(1);
  });

  it('does not affect leases in hand', async () => {
    const limiter = createIsolateLimiter();
    const before = await takeMany(limiter, 12);
    answerLease = lost;
    const after = await takeMany(limiter, 100);
    expect(countAdmitted(after)).toBeGreaterThan(0);
    expect(countAdmitted(before) + countAdmitted(after)).toBeLessThanOrEqual(rule.limit);
    expect(after.findLast(({ admitted }) => !admitted)).toMatchObject({ degraded: true });
  });

  it('admits a quarter of the limit when the rule fails open', async () => {
    answerLease = lost;
    const limiter = createIsolateLimiter();
    const decisions = [];
    for (let i = 0; i < 40; i++) decisions.push(await limiter.take(target, { ...rule, failOpen: true }));
    expect(decisions.every(({ degraded }) => degraded)).toBe(true);
    expect(countAdmitted(decisions)).toBe(25);
  });

  it('is called again after two seconds', async () => {
    answerLease = lost;
    const limiter = createIsolateLimiter();
    expect((await limiter.take(target, rule)).admitted).toBe(false);
    nowMs += 2_000;
    answerLease = objects.lease;
    const decision = await limiter.take(target, rule);
    expect(decision).toMatchObject({ admitted: true, remaining: 99 });
    expect(decision.degraded).toBeUndefined();
  });

  it('does not block callers that wait for a request that was dropped with its caller', async () => {
    answerLease = (owner, request) => (requests.length === 1 ? silent() : objects.lease(owner, request));
    const limiter = createIsolateLimiter({ answerWithinMs: 20 });
    // The runtime drops a request together with its timers, without any notice.
    vi.spyOn(globalThis, 'setTimeout').mockImplementationOnce(() => 0 as never);
    void limiter.take(target, rule);
    const others = await takeAtOnce(limiter, 5);
    expect(others.map(({ admitted, degraded }) => [admitted, degraded])).toEqual(
      Array.from({ length: 5 }, () => [true, undefined]),
    );
    expect(requests.map(({ waiters }) => waiters)).toEqual([1, 6]);
  });
});

it('the least recently used lease is dropped beyond the bound, and the limit stays exact', async () => {
  const limiter = createIsolateLimiter({ maxKeys: 3 });
  let admitted = 0;
  for (let i = 0; i < 200; i++)
    for (const subject of ['a', 'b', 'c', 'd'])
      if ((await limiter.take({ owner: 'org_1', subject }, rule)).admitted) admitted++;
  expect(admitted).toBeLessThanOrEqual(400);
  expect(admitted).toBeGreaterThanOrEqual(200);
});
