import { describe, expect, it } from 'vitest';
import {
  countMonth,
  isClosed,
  openMonths,
  type OverageBasis,
  overageOf,
  type OverageTerms,
  overageUnits,
  priceOverage,
  termsAt,
  type UsageSpan,
} from '../../../src/billing/overage/overage.rules.ts';
import { randomFrom } from '../../support/random.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const START = Date.UTC(2027, 0, 1);
const at = (day: number, hour = 0) => Date.UTC(2027, 0, day, hour);
const minutes = { name: 'participant_minutes', kind: 'product', unitQuantity: MINUTE_MS } as const;
const used = (...spans: [number, number][]): UsageSpan[] =>
  spans.map(([startsAtMs, amount]) => ({ startsAtMs, quantity: BigInt(amount * MINUTE_MS) }));

const subscribed: OverageBasis = {
  plan: 'pro',
  planVersion: 1,
  trialEndsAt: null,
  seats: null,
  limits: {},
  grants: [],
  changes: [],
  charged: [{ subscriptionId: 'sub_1', from: new Date(0), to: null }],
};
const changed = (day: number, formerPlan: 'free' | 'pro' | 'enterprise', plan: typeof formerPlan) => ({
  plan,
  planVersion: 1,
  formerPlan,
  formerPlanVersion: 1,
  changedAt: new Date(at(day)),
});
const credit = (
  value: number,
  { from = 1, to = null as number | null, revoked = null as number | null } = {},
) => ({
  id: 'egr_1',
  organizationId: 'org_1',
  kind: 'credit' as const,
  name: 'participant_minutes',
  value,
  reason: 'Pilot',
  startsAt: new Date(at(from)),
  endsAt: to === null ? null : new Date(at(to)),
  revokedAt: revoked === null ? null : new Date(at(revoked)),
  createdBy: 'operator',
  createdAt: new Date(at(from)),
});
const overMinutes = (basis: OverageBasis, spans: UsageSpan[]) =>
  overageUnits(countMonth(basis, minutes, spans).over, MINUTE_MS);

describe('usage beyond the plan', () => {
  it('is what passes the included amount of the month, in whole units', () => {
    expect(overMinutes(subscribed, used([START, 9_999]))).toBe(0n);
    expect(overMinutes(subscribed, used([START, 10_000]))).toBe(0n);
    expect(overMinutes(subscribed, [{ startsAtMs: START, quantity: 600_119_999n }])).toBe(1n);
    expect(overMinutes(subscribed, used([START, 6_000], [at(20), 7_000]))).toBe(3_000n);
  });

  it('counts from the start of the subscription on; what was used before it takes nothing from the plan', () => {
    const basis = { ...subscribed, charged: [{ subscriptionId: 'sub_1', from: new Date(at(15)), to: null }] };
    expect(overMinutes(basis, used([START, 50_000], [at(15), 9_000]))).toBe(0n);
    expect(overMinutes(basis, used([START, 50_000], [at(15), 11_000]))).toBe(1_000n);
  });

  it('is free after the end of the subscription and on the free plan, also while a subscription is paused', () => {
    const ended = {
      ...subscribed,
      charged: [{ subscriptionId: 'sub_1', from: new Date(0), to: new Date(at(15)) }],
    };
    expect(overMinutes(ended, used([START, 11_000], [at(15), 30_000]))).toBe(1_000n);
    const paused = { ...subscribed, changes: [changed(10, 'pro', 'free'), changed(20, 'free', 'pro')] };
    const spans = used([START, 9_000], [at(10), 30_000], [at(20), 2_000]);
    expect(overMinutes(paused, spans)).toBe(1_000n);
  });

  it('is compared to the plan of its time: a larger plan does not make overage of earlier days free', () => {
    const basis = { ...subscribed, plan: 'enterprise' as const, changes: [changed(15, 'pro', 'enterprise')] };
    expect(overMinutes(basis, used([START, 12_000], [at(15), 88_000]))).toBe(2_000n);
    expect(overMinutes(basis, used([START, 12_000], [at(15), 89_000]))).toBe(3_000n);
  });

  it('is everything after a change to a plan whose amount is used up already', () => {
    const basis = { ...subscribed, changes: [changed(15, 'enterprise', 'pro')] };
    expect(overMinutes(basis, used([START, 50_000], [at(15), 700]))).toBe(700n);
  });

  it('is less with a credit while that holds, and what a credit covered stays covered when it is revoked', () => {
    const spans = used([START, 10_400], [at(20), 300]);
    expect(overMinutes({ ...subscribed, grants: [credit(500)] }, spans)).toBe(200n);
    expect(overMinutes({ ...subscribed, grants: [credit(500, { revoked: 20 })] }, spans)).toBe(300n);
    expect(overMinutes({ ...subscribed, grants: [credit(500, { from: 20 })] }, spans)).toBe(600n);
  });

  it('costs its price for each whole unit', () => {
    expect(priceOverage('participant_minutes', 120n)).toBe(1_200_000n);
  });
});

describe('any month', () => {
  /** Counts unit by unit. */
  function countEach(spans: readonly UsageSpan[], termsOf: (ms: number) => OverageTerms) {
    let charged = 0n;
    const bySubscription = new Map<string, bigint>();
    for (const { startsAtMs, quantity } of spans)
      for (let unit = 0n; unit < quantity; unit++) {
        const { included, subscriptionId } = termsOf(startsAtMs);
        if (subscriptionId === null) continue;
        charged++;
        if (charged > included)
          bySubscription.set(subscriptionId, (bySubscription.get(subscriptionId) ?? 0n) + 1n);
      }
    const over = [...bySubscription.values()].reduce((sum, each) => sum + each, 0n);
    return { charged, over, bySubscription };
  }

  const seeds = Array.from({ length: Number(process.env.OVERAGE_SEEDS ?? 200) }, (_, seed) => seed + 1);
  it(`gives what counting unit by unit gives, however its hours are put together: ${seeds.length} months`, () => {
    for (const seed of seeds) {
      const random = randomFrom(seed);
      const below = (most: number) => Math.floor(random() * most);
      const terms: OverageTerms[] = Array.from({ length: 24 }, () => ({
        included: BigInt(below(40)),
        ...(random() < 0.7
          ? { isCharged: true, subscriptionId: random() < 0.5 ? 'sub_1' : 'sub_2' }
          : { isCharged: false, subscriptionId: null }),
      }));
      for (let hour = 1; hour < 24; hour++) if (random() < 0.7) terms[hour] = terms[hour - 1]!;
      const termsOf = (ms: number) => terms[(ms - START) / HOUR_MS]!;
      const hours: UsageSpan[] = terms.map((_, hour) => ({
        startsAtMs: START + hour * HOUR_MS,
        quantity: BigInt(below(8)),
      }));
      const merged = hours.reduce<UsageSpan[]>((spans, hour, index) => {
        const last = spans.at(-1);
        if (last && terms[index] === terms[index - 1])
          return [...spans.slice(0, -1), { ...last, quantity: last.quantity + hour.quantity }];
        return [...spans, hour];
      }, []);
      const expected = countEach(hours, termsOf);
      expect(overageOf(hours, termsOf), `seed ${seed}`).toEqual(expected);
      expect(overageOf(merged, termsOf), `seed ${seed}, merged`).toEqual(expected);
    }
  });
});

describe('terms', () => {
  it('hold from the moment of a change on', () => {
    const basis = { ...subscribed, plan: 'enterprise' as const, changes: [changed(15, 'pro', 'enterprise')] };
    expect(termsAt(basis, minutes, at(15) - 1).included).toBe(600_000_000n);
    expect(termsAt(basis, minutes, at(15)).included).toBe(6_000_000_000n);
  });

  it('of a month are open until two months after its end', () => {
    const now = Date.UTC(2027, 0, 31, 12);
    expect(openMonths(now).map((month) => month.toISOString().slice(0, 7))).toEqual([
      '2026-11',
      '2026-12',
      '2027-01',
    ]);
    expect(isClosed(new Date(Date.UTC(2026, 10, 1)), now)).toBe(false);
    expect(isClosed(new Date(Date.UTC(2026, 9, 1)), now)).toBe(true);
  });
});
