import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reportOverage } from '../../../src/billing/overage/report-overage.ts';
import { ownerSql } from '../../contract/sql.ts';
import { createPaddleWorld, type PaddleWorld } from '../../support/payments/paddle.ts';
import { createStripeWorld } from '../../support/payments/stripe.ts';
import { createUnsteadyFetch } from '../../support/payments/unsteady.ts';
import { type Billing, createBilling } from '../subscriptions/support.ts';
import { recordMinutes } from '../usage/support.ts';

const HOUR_SECONDS = 3_600;
const unsteady = createUnsteadyFetch();
const WORLDS = {
  stripe: () => createStripeWorld({}, unsteady.fetcher),
  paddle: () => createPaddleWorld(unsteady.fetcher),
};

describe.each(['stripe', 'paddle'] as const)('overage at %s', (name) => {
  let world: Awaited<ReturnType<(typeof WORLDS)[typeof name]>>;
  beforeAll(async () => {
    world = await WORLDS[name]();
  });
  afterAll(() => world.close());

  const atPaddle = () => world as PaddleWorld;
  async function advanceHours(hours: number): Promise<void> {
    await world.control('clock', { advanceSeconds: hours * HOUR_SECONDS });
    world.app.clock.advanceSeconds(hours * HOUR_SECONDS);
    await world.settle();
  }
  /** Early in a month, so that nothing falls into the next one. */
  async function advanceToMonthStart(): Promise<void> {
    const now = new Date(world.app.clock.now());
    const start = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 3);
    await advanceHours(Math.ceil((start - now.getTime()) / 3_600_000));
  }
  /** Uses minutes beyond what the plan includes, an hour after the terms of now hold. */
  async function useBeyond({ owner }: Billing, key: string, minutes: number): Promise<void> {
    const hour = HOUR_SECONDS * 1000;
    const occurredAtMs = Math.ceil(world.app.clock.now() / hour) * hour + 1_000;
    await advanceHours(2);
    await recordMinutes(world.app, owner, key, minutes, { occurredAtMs });
  }
  const report = () => reportOverage(world.app.services);
  /** The next report is not taken. */
  const failReports = () => {
    const path = name === 'stripe' ? '/v1/billing/meter_events' : '/subscriptions/';
    const fault = { status: 503, path, method: 'POST' };
    return world.control('faults', { next: Array.from({ length: 3 }, () => fault) });
  };
  const reportsOf = ({ owner: { organizationId } }: Billing) =>
    ownerSql(
      `select r.units::int as units, r.delivered_at is not null as delivered,
         (s.ended_at is not null) as ended from overage_reports r
       join subscriptions s on s.id = r.subscription_id where r.organization_id = $1 order by r.revision`,
      [organizationId],
    );
  async function unitsAtProvider(billing: Billing): Promise<number> {
    const { customer, subscription } = await billing.stripeIds();
    const units = await world.app.services.ports.payments.of(name).readReportedUnits({
      customerId: customer,
      subscriptionId: subscription,
      meter: 'participant_minutes',
      fromMs: Date.parse((await billing.state()).subscription.startsAt),
      untilMs: world.app.clock.now(),
    });
    return Number(units);
  }
  async function subscribed(more: object = {}): Promise<Billing> {
    await advanceToMonthStart();
    const billing = await createBilling(world);
    await billing.subscribe({ plan: 'enterprise', ...more });
    return billing;
  }

  it('that was not charged to a subscription before its end is never charged to the next one', async () => {
    const billing = await subscribed();
    await useBeyond(billing, 'a', 100_130);
    await billing.send('POST', 'subscription/cancel', { at: 'now' });
    await advanceHours(2);
    await report();
    await billing.subscribe({ plan: 'enterprise' });
    await report();
    expect(await unitsAtProvider(billing)).toBe(0);
    await useBeyond(billing, 'b', 77);
    await report();
    expect((await reportsOf(billing)).at(-1)).toEqual({ units: 77, delivered: true, ended: false });
    expect(await unitsAtProvider(billing)).toBe(77);
  });

  it('whose report did not arrive before the end does not hold up that of the next subscription', async () => {
    const billing = await subscribed();
    await useBeyond(billing, 'a', 100_130);
    await failReports();
    await report();
    await billing.send('POST', 'subscription/cancel', { at: 'now' });
    await advanceHours(2);
    await billing.subscribe({ plan: 'enterprise' });
    await useBeyond(billing, 'b', 77);
    await report();
    expect(await reportsOf(billing)).toEqual([
      { units: 130, delivered: false, ended: true },
      { units: 77, delivered: true, ended: false },
    ]);
    expect(await unitsAtProvider(billing)).toBe(77);
  });

  it('is charged from the early end of a trial on, whatever the planned end was', async () => {
    await advanceToMonthStart();
    const billing = await createBilling(world);
    await billing.subscribe();
    await recordMinutes(world.app, billing.owner, 'trial', 500, { occurredAtMs: world.app.clock.now() });
    await advanceHours(2);
    expect(await billing.send('POST', 'subscription/end-trial')).toMatchObject({ status: 200 });
    const { trialEndsAt } = (await billing.state()).subscription;
    expect(Date.parse(trialEndsAt)).toBeLessThanOrEqual(world.app.clock.now());
    await useBeyond(billing, 'a', 10_130);
    await report();
    expect(await reportsOf(billing)).toEqual([{ units: 130, delivered: true, ended: false }]);
    await advanceHours(24 * 20);
    expect((await billing.state()).subscription).toMatchObject({ trialEndsAt });
  });

  it('of less than the provider collects at once waits for more, and is charged with it', async () => {
    const billing = await subscribed();
    await useBeyond(billing, 'a', 100_030);
    await report();
    expect(await unitsAtProvider(billing)).toBe(name === 'paddle' ? 0 : 30);
    await useBeyond(billing, 'b', 50);
    await report();
    expect(await unitsAtProvider(billing)).toBe(80);
  });

  if (name === 'paddle')
    it('that the provider refuses as too little after credit is part of the next report', async () => {
      const billing = await subscribed({ seats: 1 });
      const { subscription } = await billing.stripeIds();
      const { items } = (await atPaddle().send(`GET /subscriptions/${subscription}`)) as {
        items: { price: { id: string } }[];
      };
      const change = {
        items: [{ price_id: items[0]!.price.id, quantity: 1 }],
        proration_billing_mode: 'prorated_immediately',
      };
      await atPaddle().send(`PATCH /subscriptions/${subscription}`, change); // 4 USD of credit.
      await billing.send('POST', 'subscription/cancel', {});
      await useBeyond(billing, 'a', 100_430);
      await report();
      expect(await reportsOf(billing)).toEqual([{ units: 430, delivered: false, ended: false }]);
      await useBeyond(billing, 'b', 100);
      await report();
      await report();
      expect(await reportsOf(billing)).toEqual([{ units: 530, delivered: true, ended: false }]);
      expect(await unitsAtProvider(billing)).toBe(530);
    });

  it('that waits is sent by one of two runs at the same time', async () => {
    const billing = await subscribed();
    await useBeyond(billing, 'a', 100_130);
    await failReports();
    await report();
    const held = unsteady.hold();
    const first = report();
    await held.sent;
    await report();
    held.release();
    await first;
    expect(await reportsOf(billing)).toEqual([{ units: 130, delivered: true, ended: false }]);
    expect(await unitsAtProvider(billing)).toBe(130);
  });

  it('of the subscription whose last attempt is the oldest is reported first', async () => {
    const [one, other] = [await subscribed(), await createBilling(world)];
    await other.subscribe({ plan: 'enterprise' });
    await report();
    await useBeyond(one, 'a', 100_101);
    await useBeyond(other, 'a', 100_101);
    await ownerSql(
      `update overage_attempts set attempted_at = attempted_at - interval '1 hour' where organization_id = $1`,
      [other.owner.organizationId],
    );
    const held = unsteady.hold();
    const run = report();
    await held.sent;
    const counts = [await reportsOf(other), await reportsOf(one)].map(({ length }) => length);
    held.release();
    await run;
    expect(counts).toEqual([1, 0]);
    expect(await reportsOf(one)).toMatchObject([{ delivered: true }]);
  });
});
