import { beforeAll, describe, expect, it } from 'vitest';
import { INCLUDED_METERS, INCLUDED_UNITS } from '../../../src/identity/entitlements/index.ts';
import type { Actor } from '../../../src/kernel/core/index.ts';
import { limitsForActor } from '../../../src/platform/limits/limits.rules.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';

describe('the plans', () => {
  let app: TestApp;
  beforeAll(() => {
    app = createTestApp();
  });

  interface Plan {
    seat: { monthly: { amountMicros: number }; yearly: { amountMicros: number }; most: number } | null;
    name: string;
    price: Record<'monthly' | 'yearly', { amountMicros: number | null; currency: string }>;
    overage: { meter: string; price: { amountMicros: number } }[];
    included: { meter: string; amount: number }[];
    limits: { name: string; value: number }[];
    requestsPerMinute: { user: number; organization: number };
  }
  const readPlans = async (): Promise<Plan[]> => {
    const { status, body } = await app.send('GET', '/api/v1/billing/plans');
    expect(status).toBe(200);
    return body.plans as Plan[];
  };

  it('are public, and have the prices and included amounts that are offered', async () => {
    const offered = (await readPlans()).map(({ name, price, included }) => [
      name,
      price.monthly.amountMicros,
      price.yearly.amountMicros,
      included.map(({ amount }) => amount),
    ]);
    expect(offered).toEqual([
      ['free', 0, 0, [1_000, 60, 5, 1, 5, 1, 1, 1, 60, 60, 60, 20, 100]],
      [
        'pro',
        49_000_000,
        490_000_000,
        [10_000, 1_000, 50, 10, 100, 20, 10, 20, 1_000, 1_000, 1_000, 500, 2_000],
      ],
      [
        'enterprise',
        499_000_000,
        4_990_000_000,
        [100_000, 10_000, 500, 100, 1_000, 200, 100, 200, 10_000, 10_000, 10_000, 5_000, 20_000],
      ],
      ['custom', null, null, Array.from({ length: 13 }, () => 0)],
    ]);
  });

  it('include amounts in the units of their meters', async () => {
    const units = new Map(app.services.meters.map(({ name, unitQuantity }) => [name, unitQuantity]));
    for (const meter of INCLUDED_METERS) expect(units.get(meter), meter).toBe(INCLUDED_UNITS[meter]);
  });

  it('that are sold have seats, a year of which costs ten months', async () => {
    const seats = (await readPlans()).map(({ name, seat }) => [
      name,
      seat && [seat.monthly.amountMicros, seat.yearly.amountMicros, seat.most],
    ]);
    expect(seats).toEqual([
      ['free', null],
      ['pro', [5_000_000, 50_000_000, 1_000]],
      ['enterprise', [4_000_000, 40_000_000, 1_000]],
      ['custom', null],
    ]);
  });

  it('include and charge nothing but what a module counts', async () => {
    const counted = app.services.meters.map(({ name }) => name);
    for (const { included, overage } of await readPlans())
      for (const { meter } of [...included, ...overage]) expect(counted).toContain(meter);
  });

  it('charge for each unit beyond what is included, an AI call of 5,000 and 1,000 tokens 0.05 USD', async () => {
    for (const { overage } of await readPlans()) {
      const prices = new Map(overage.map(({ meter, price }) => [meter, price.amountMicros]));
      expect([...prices.values()]).toEqual(
        [1, 1, 50, 250, 5, 63, 100, 10, 1, 1, 1, 2, 2].map((cents) => cents * 10_000),
      );
      const tokens = (meter: string, count: number) => (prices.get(meter)! * count) / 100_000;
      expect(tokens('ai_input_tokens', 5_000) + tokens('ai_output_tokens', 1_000)).toBe(50_000);
    }
  });

  it('never allow less than a smaller plan', async () => {
    const plans = await readPlans();
    plans.slice(1).forEach(({ limits }, index) => {
      for (const [at, { name, value }] of limits.entries())
        expect(value, name).toBeGreaterThanOrEqual(plans[index]!.limits[at]!.value);
    });
  });

  it('show the rate limits that are applied', async () => {
    for (const { name, requestsPerMinute } of await readPlans()) {
      const actor: Actor = {
        kind: 'user',
        userId: 'usr_1',
        sessionId: 'ses_1',
        organizationId: 'org_1',
        role: 'owner',
        plan: name,
        permissions: [],
      };
      const limits = limitsForActor('api', actor).map(({ rule }) => [rule.name, rule.limit]);
      expect(limits).toEqual([
        ['api', requestsPerMinute.user],
        ['organization', requestsPerMinute.organization],
      ]);
    }
  });
});
