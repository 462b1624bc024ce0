import { expect } from 'vitest';
import { createUsageSubscriptions } from '../../../src/billing/usage/record-usage.ts';
import { participantMinutes } from '../../../src/calls/calls/calls.meters.ts';
import { runAsSystem } from '../../../src/kernel/delivery/index.ts';
import type { Person, TestApp } from '../../support/app.ts';

/** A price as operators store it; by default of a minute, from 2026 on. */
export interface TestPrice {
  meter: string;
  unitPrice: string;
  unitQuantity?: number;
  startsAt?: string;
  endsAt?: string;
  provider?: string;
  region?: string;
  model?: string;
}

/** Stores prices as operators do. @returns their ids */
export async function storePrices(app: TestApp, ...prices: TestPrice[]): Promise<string[]> {
  const body = {
    prices: prices.map((price) => ({
      unitQuantity: 60_000,
      startsAt: '2026-01-01T00:00:00Z',
      source: 'test',
      ...price,
    })),
  };
  const answer = await app.send('POST', '/api/v1/operator/prices', { token: app.operator, body });
  expect(answer).toMatchObject({ status: 200 });
  return answer.body.created.map(({ id }: { id: string }) => id);
}

/** A meter that no other test uses: prices belong to no organization, so that all tests of a file share them. */
export const createMeterName = (): string => `test_${crypto.randomUUID().replaceAll('-', '_')}`;

export interface TestUsage {
  meter: string;
  key?: string;
  quantity: number;
  /** A higher version corrects what was recorded of the key. */
  version?: number;
  at?: string;
  dimensions?: Record<string, string>;
}

/** Records usage as the subscriber of a meter does. Costs follow with `app.drain()`. */
export async function recordUsage(
  app: TestApp,
  { organizationId, userId }: Person,
  { meter, key = crypto.randomUUID(), quantity, version = 1, at, dimensions = {} }: TestUsage,
): Promise<void> {
  const occurredAtMs = at === undefined ? app.clock.now() : Date.parse(at);
  const fact = { key, occurredAtMs, quantity, version, dimensions, userId };
  const [subscription] = createUsageSubscriptions([
    { ...participantMinutes, name: meter, read: async () => [fact] },
  ]);
  const delivery = { id: 'evt_test.usage', eventId: 'evt_test', occurredAtMs: app.clock.now(), attempt: 1 };
  await runAsSystem(app.services, 'usage.test', organizationId, (ctx) =>
    subscription!.handle(ctx, {} as never, delivery),
  );
}

/** The costs of an organization since 2026, by group. */
export async function fetchCosts(
  app: TestApp,
  { token }: Person,
  by = 'meter',
  period = 'from=2026-01-01T00:00:00Z&to=2026-12-31T00:00:00Z',
) {
  const answer = await app.send('GET', `/api/v1/costs/summary?by=${by}&limit=100&${period}`, { token });
  expect(answer).toMatchObject({ status: 200 });
  return answer.body;
}

/** What a meter cost an organization: the known amount, null when none is known, and how many lines are unknown. */
export async function costOf(app: TestApp, person: Person, meter: string): Promise<[number | null, number]> {
  const { groups } = await fetchCosts(app, person);
  const found = groups.find(({ value }: { value: string }) => value === meter);
  return found ? [found.cost.amountMicros, found.unknownCount] : [0, 0];
}

/** Prices all usage of a price's meter again. @returns how many records were repriced */
export async function repriceAll(app: TestApp, priceId: string): Promise<number> {
  let count = 0;
  for (let continueFrom: string | null | undefined; continueFrom !== null;) {
    const body = continueFrom === undefined ? {} : { continueFrom };
    const answer = await app.send('POST', `/api/v1/operator/prices/${priceId}/reprice`, {
      token: app.operator,
      body,
    });
    expect(answer).toMatchObject({ status: 200 });
    count += answer.body.repricedCount;
    continueFrom = answer.body.continueFrom;
  }
  return count;
}
