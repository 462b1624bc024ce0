import { beforeAll, describe, expect, it } from 'vitest';
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
      ...included.map(({ meter, amount }) => [meter, amount]),
    ]);
    expect(offered).toEqual([
      ['free', 0, 0, ['participant_minutes', 1_000]],
      ['pro', 49_000_000, 490_000_000, ['participant_minutes', 10_000]],
      ['enterprise', 499_000_000, 4_990_000_000, ['participant_minutes', 100_000]],
      ['custom', null, null, ['participant_minutes', 0]],
    ]);
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

  it('charge 0.01 USD for a minute beyond what is included', async () => {
    for (const { overage } of await readPlans())
      expect(overage.map(({ meter, price }) => [meter, price.amountMicros])).toEqual([
        ['participant_minutes', 10_000],
      ]);
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
