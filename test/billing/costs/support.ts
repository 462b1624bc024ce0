import { expect } from 'vitest';
import { createUsageSubscriptions } from '../../../src/billing/usage/record-usage.ts';
import { participantMinutes } from '../../../src/calls/calls/calls.meters.ts';
import { runAsSystem } from '../../../src/kernel/delivery/index.ts';
import { ownerSql } from '../../contract/sql.ts';
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

/** Sums of costs as they are shown: the known amount, null when none is known, and how many lines are unknown. */
type ShownCost = [value: string | null, amountMicros: number | null, unknownCount: number];

/** The operator's summary of all organizations, by group in the order of the values. */
export async function fetchOperatorCosts(app: TestApp, by: string, period: string): Promise<ShownCost[]> {
  const path = `/api/v1/operator/costs/summary?by=${by}&limit=100&${period}`;
  const answer = await app.send('GET', path, { token: app.operator });
  expect(answer).toMatchObject({ status: 200 });
  const { groups } = answer.body as {
    groups: { value: string | null; cost: { amountMicros: number | null }; unknownCount: number }[];
  };
  return groups
    .map(({ value, cost, unknownCount }): ShownCost => [value, cost.amountMicros, unknownCount])
    .toSorted(([a], [b]) => String(a).localeCompare(String(b)));
}

/** The same, counted over the lines themselves. */
export async function countLines(by: string, from: string, to: string): Promise<ShownCost[]> {
  const values: Record<string, string> = {
    organization: 'l.organization_id',
    meter: 'l.meter',
    model: `u.dimensions ->> 'model'`,
    day: `to_char(l.occurred_at at time zone 'UTC', 'YYYY-MM-DD')`,
    call: 'l.call_id',
  };
  const lines = await ownerSql<{ value: string | null; amount: string | null; entry: number }>(
    `select ${values[by]} as value, l.amount_micros::text as amount, l.entry from cost_lines l
     join usage_events u on u.organization_id = l.organization_id and u.id = l.usage_id
     where l.occurred_at >= $1 and l.occurred_at < $2`,
    [from, to],
  );
  return [...Map.groupBy(lines, ({ value }) => value)]
    .map(([value, of]): ShownCost => {
      const count = (isKnown: boolean) =>
        of
          .filter(({ amount }) => (amount !== null) === isKnown)
          .reduce((sum, { entry }) => sum + (entry % 2 === 0 ? -1 : 1), 0);
      const sum = of.reduce((total, { amount }) => total + Number(amount ?? 0), 0);
      return [value, count(true) === 0 && count(false) > 0 ? null : sum, count(false)];
    })
    .toSorted(([a], [b]) => String(a).localeCompare(String(b)));
}
