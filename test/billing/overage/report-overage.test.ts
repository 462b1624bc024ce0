import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reportOverage } from '../../../src/billing/overage/report-overage.ts';
import { ownerSql } from '../../contract/sql.ts';
import { createTestApp, type Person } from '../../support/app.ts';
import { createStripeWorld, type StripeWorld } from '../../support/payments/stripe.ts';
import {
  customerOf,
  listInvoices,
  ownerWithPlan,
  read,
  subscribe,
  subscriptionOf,
} from '../invoices/support.ts';
import { grantMinutes, recordMinutes } from '../usage/support.ts';

const HOUR_SECONDS = 3_600;
let world: StripeWorld;
beforeAll(async () => {
  world = await createStripeWorld();
});
afterAll(() => world.close());

/** Records usage an hour after the terms of now hold, and moves on to the hour after it. */
async function useMinutes(owner: Person, key: string, minutes: number, version = 1): Promise<void> {
  const hour = HOUR_SECONDS * 1000;
  const occurredAtMs = Math.ceil(world.app.clock.now() / hour) * hour + 1_000;
  await advanceHours(2);
  await recordMinutes(world.app, owner, key, minutes, { version, occurredAtMs });
}

async function advanceHours(hours: number): Promise<void> {
  await world.control('clock', { advanceSeconds: hours * HOUR_SECONDS });
  world.app.clock.advanceSeconds(hours * HOUR_SECONDS);
  await world.settle();
}

const report = () => reportOverage(world.app.services);

/** Moves on to the third day of the next month, so that there is time until the next one. */
async function advanceToMonthStart(): Promise<void> {
  const now = new Date(world.app.clock.now());
  const start = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 3);
  await world.advanceDays(Math.ceil((start - now.getTime()) / 86_400_000));
}

/** The minutes that the provider has for the organization. */
async function minutesAtProvider(owner: Person): Promise<number> {
  const { data: meters } = await world.stripe.billing.meters.list({ limit: 100 });
  const meter = meters.find(({ event_name: name }) => name === 'auralink_overage_participant_minutes')!;
  const summaries = await world.stripe.billing.meters.listEventSummaries(meter.id, {
    customer: await customerOf(owner),
    start_time: Date.UTC(2026, 0, 1) / 1000,
    end_time: Math.ceil(world.app.clock.now() / 60_000) * 60 + 600,
  });
  return summaries.data.reduce((sum, { aggregated_value: value }) => sum + value, 0);
}

async function overageNow(owner: Person) {
  const { token } = await ownerWithPlan(world, owner);
  const { meters } = await read(world, token, 'usage/summary');
  return meters.find(({ meter }: { meter: string }) => meter === 'participant_minutes');
}

const reportsOf = ({ organizationId }: Person) =>
  ownerSql(
    `select units::int as units, delivered_at is not null as delivered from overage_reports where organization_id = $1 order by revision`,
    [organizationId],
  );

describe('overage', () => {
  it('is reported once and is on the next invoice, as the summary shows it', async () => {
    await advanceToMonthStart();
    const owner = await subscribe(world, { trial: false });
    await useMinutes(owner, 'a', 10_120);
    await report();
    await report();
    expect(await minutesAtProvider(owner)).toBe(120);
    const { overage, included } = await overageNow(owner);
    expect(included).toEqual({ quantity: 600_000_000, leftQuantity: 0, overQuantity: 7_200_000 });
    expect(overage).toEqual({
      units: 120,
      price: { amountMicros: 10_000, currency: 'USD' },
      amount: { amountMicros: 1_200_000, currency: 'USD' },
    });
    await world.advanceDays(32);
    const [last] = await listInvoices(world, owner);
    const { token } = await ownerWithPlan(world, owner);
    const { lines } = await read(world, token, `billing/invoices/${last.id}`);
    const ofMinutes = lines.filter(({ meter }: { meter: string | null }) => meter === 'participant_minutes');
    expect(ofMinutes).toMatchObject([{ quantity: 120, amount: overage.amount }]);
  });

  it('grows with usage, and with a correction upwards', async () => {
    await advanceToMonthStart();
    const owner = await subscribe(world, { plan: 'pro', trial: false });
    await useMinutes(owner, 'a', 10_050);
    await report();
    await useMinutes(owner, 'b', 100);
    await report();
    await recordMinutes(world.app, owner, 'b', 130, { version: 2 });
    await report();
    expect(await reportsOf(owner)).toEqual([50, 100, 30].map((units) => ({ units, delivered: true })));
    expect(await minutesAtProvider(owner)).toBe(180);
  });

  it('is never taken back at the provider: a correction downwards is set off against later usage', async () => {
    await advanceToMonthStart();
    const owner = await subscribe(world, { trial: false });
    await useMinutes(owner, 'a', 10_300);
    await report();
    await recordMinutes(world.app, owner, 'a', 10_100, { version: 2 });
    await report();
    expect(await minutesAtProvider(owner)).toBe(300);
    expect((await overageNow(owner)).overage.units).toBe(100);
    await useMinutes(owner, 'b', 150);
    await report();
    expect(await minutesAtProvider(owner)).toBe(300);
    await useMinutes(owner, 'c', 80);
    await report();
    expect(await minutesAtProvider(owner)).toBe(330);
  });

  it('is free in a trial, on the free plan and within a credit', async () => {
    await advanceToMonthStart();
    const trial = await subscribe(world);
    const free = await world.app.person();
    const credited = await subscribe(world, { trial: false });
    await grantMinutes(world.app, credited, 500);
    for (const owner of [trial, free, credited]) await useMinutes(owner, 'a', 10_500);
    await report();
    for (const owner of [trial, free, credited]) {
      expect(await reportsOf(owner)).toEqual([]);
      expect((await overageNow(owner)).overage.units).toBe(0);
    }
    expect((await overageNow(free)).included).toMatchObject({ overQuantity: 9_500 * 60_000 });
  });

  it('of an earlier month counts there when it is recorded late, and is on the next invoice', async () => {
    await advanceToMonthStart();
    const owner = await subscribe(world, { trial: false });
    await useMinutes(owner, 'a', 9_990);
    const occurredAtMs = world.app.clock.now();
    await world.advanceDays(40);
    await recordMinutes(world.app, owner, 'late', 30, { occurredAtMs });
    await report();
    expect(await minutesAtProvider(owner)).toBe(20);
    expect((await overageNow(owner)).overage.units).toBe(0);
  });

  it('of the last period is on the last invoice of a subscription that ends', async () => {
    await advanceToMonthStart();
    const owner = await subscribe(world, { trial: false });
    await world.stripe.subscriptions.update(await subscriptionOf(owner), { cancel_at_period_end: true });
    await world.settle();
    const [row] = await ownerSql(`select cancels_at from subscriptions where organization_id = $1`, [
      owner.organizationId,
    ]);
    const endsMs = new Date(row!.cancels_at as string).getTime();
    await advanceHours(Math.floor((endsMs - world.app.clock.now()) / 3_600_000) - 3);
    await useMinutes(owner, 'a', 10_070);
    const seconds = Math.ceil((endsMs - world.app.clock.now()) / 1000) + 600;
    await world.control('clock', { advanceSeconds: seconds });
    world.app.clock.advanceSeconds(seconds);
    await world.settle();
    await report();
    await advanceHours(2);
    const [last] = await listInvoices(world, owner);
    expect(last).toMatchObject({ status: 'paid', total: { amountMicros: 700_000, currency: 'USD' } });
  });
});

describe('a report', () => {
  const subscribed = async (minutes: number) => {
    await advanceToMonthStart();
    const owner = await subscribe(world, { trial: false });
    await useMinutes(owner, 'a', 10_000 + minutes);
    return owner;
  };
  const path = '/v1/billing/meter_events';

  it('whose answer was lost is counted once', async () => {
    const owner = await subscribed(10);
    await world.control('faults', {
      next: [
        { loseAnswer: true, path },
        { loseAnswer: true, path },
        { loseAnswer: true, path },
      ],
    });
    await report();
    await report();
    expect(await minutesAtProvider(owner)).toBe(10);
    expect(await reportsOf(owner)).toEqual([{ units: 10, delivered: true }]);
  });

  it('waits while the provider is down, and later usage is a report of its own', async () => {
    const owner = await subscribed(10);
    await world.control('faults', { next: Array.from({ length: 3 }, () => ({ status: 503, path })) });
    await report();
    expect(await reportsOf(owner)).toEqual([{ units: 10, delivered: false }]);
    await useMinutes(owner, 'b', 5);
    await report();
    await report();
    expect(await reportsOf(owner)).toEqual([10, 5].map((units) => ({ units, delivered: true })));
    expect(await minutesAtProvider(owner)).toBe(15);
  });

  it('is counted once when the Worker stopped before it could note the delivery, also after days', async () => {
    for (const hours of [1, 30]) {
      const owner = await subscribed(10);
      await report();
      await ownerSql(`update overage_reports set delivered_at = null where organization_id = $1`, [
        owner.organizationId,
      ]);
      await advanceHours(hours);
      await report();
      expect(await reportsOf(owner)).toEqual([{ units: 10, delivered: true }]);
      expect(await minutesAtProvider(owner)).toBe(10);
    }
  });

  it('that did not arrive is sent again, also after days', async () => {
    const owner = await subscribed(10);
    await world.control('faults', { next: Array.from({ length: 3 }, () => ({ status: 503, path })) });
    await report();
    await advanceHours(30);
    await report();
    expect(await minutesAtProvider(owner)).toBe(10);
  });

  it('is made once by runs at the same time', async () => {
    const owner = await subscribed(10);
    await Promise.all([report(), report(), report()]);
    await report();
    expect(await reportsOf(owner)).toEqual([{ units: 10, delivered: true }]);
    expect(await minutesAtProvider(owner)).toBe(10);
  });

  it('is not made without a configured provider', async () => {
    const app = createTestApp({
      payments: { names: [], preferred: undefined, of: () => expect.unreachable() },
    });
    expect(await reportOverage(app.services)).toEqual({ done: 0, failed: 0 });
  });
});
