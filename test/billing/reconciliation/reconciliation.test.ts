import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { reconcileCustomers } from '../../../src/billing/reconciliation/reconcile-customers.ts';
import { ownerSql } from '../../contract/sql.ts';
import { type Dashboard, openDashboard } from '../subscriptions/dashboard.support.ts';
import { PROVIDERS, type World } from '../subscriptions/seats.support.ts';
import { type Billing, createBilling } from '../subscriptions/support.ts';

let dashboard: Dashboard;
let world: World;
let billing: Billing;
beforeEach(async () => {
  billing = await createBilling(world);
});

/** What the operator sees, of this organization. */
async function repairs() {
  const { body } = await world.app.send('GET', '/api/v1/operator/billing/reconciliation', {
    token: world.app.operator,
  });
  const all = body.repairs as { organizationId: string; objectId: string; fields: string[] }[];
  return all.filter(({ organizationId }) => organizationId === billing.owner.organizationId);
}
/** Everything that Stripe reports meanwhile is lost. */
async function missing(work: () => Promise<unknown>) {
  await world.control('deliveries', { drop: 1 });
  await work();
  await world.control('deliveries', {});
}
async function reconcile() {
  world.app.clock.advanceSeconds(86_401);
  await reconcileCustomers(world.app.services);
  await world.app.drain();
}

const open = (provider: (typeof PROVIDERS)[number]) => async () => {
  dashboard = await openDashboard(provider);
  ({ world } = dashboard);
};

describe.each(PROVIDERS)('the daily reconciliation with %s', (provider) => {
  beforeAll(open(provider));
  afterAll(() => world.close());

  it('finds a cancellation that was planned, and what was never reported of it', async () => {
    await billing.subscribe({ plan: 'enterprise' });
    const { subscription } = await billing.stripeIds();
    await missing(() => dashboard.cancelLater(subscription));
    await reconcile();
    expect(await billing.state()).toMatchObject({ subscription: { cancelsAt: expect.any(String) } });
    expect(await repairs()).toMatchObject([{ fields: expect.arrayContaining(['cancelsAt']) }]);
  });

  it('finds a subscription that was never reported', async () => {
    const started = await billing.startCheckout({ plan: 'enterprise' });
    await missing(() => world.completeCheckout(started.body.url));
    expect(await billing.plan()).toBe('free');
    await reconcile();
    expect(await billing.state()).toMatchObject({ plan: 'enterprise', subscription: { status: 'active' } });
    const { subscription } = await billing.stripeIds();
    expect(await repairs()).toMatchObject([{ objectId: subscription, fields: [] }]);
  });

  it('finds an end that was never reported, says what differed, and finds nothing the next day', async () => {
    await billing.subscribe({ plan: 'enterprise' });
    const { subscription } = await billing.stripeIds();
    await missing(() => dashboard.cancelNow(subscription));
    await reconcile();
    expect(await billing.plan()).toBe('free');
    expect(await repairs()).toMatchObject([{ fields: expect.arrayContaining(['status', 'endedAt']) }]);
    await reconcile();
    expect(await repairs()).toHaveLength(1);
  });
});

describe('the daily reconciliation', () => {
  beforeAll(open('stripe'));
  afterAll(() => world.close());

  it('compares each customer once in a day, and leaves one to the next run while the provider does not answer', async () => {
    await billing.subscribe({ plan: 'enterprise' });
    await reconcile();
    const { subscription } = await billing.stripeIds();
    await missing(() => dashboard.cancelLater(subscription));
    await reconcileCustomers(world.app.services);
    expect(await repairs()).toEqual([]);
    world.app.clock.advanceSeconds(86_401);
    await world.control('faults', { next: Array.from({ length: 30 }, () => ({ status: 503 })) });
    expect(await reconcileCustomers(world.app.services)).toMatchObject({ done: 0 });
    await world.control('faults', { next: [] });
    world.app.clock.advanceSeconds(60);
    await reconcileCustomers(world.app.services);
    expect(await repairs()).toMatchObject([{ fields: expect.arrayContaining(['cancelsAt']) }]);
  });

  it('reaches every customer, although more than one run takes fail always and come first', async () => {
    // Customers of a provider that is not configured.
    for (let count = 0; count < 51; count++) {
      const { organizationId } = await world.app.person();
      await ownerSql(
        `insert into billing_customers (organization_id, provider, customer_id, created_at, updated_at, version)
         values ($1, 'paddle', $1, now(), now(), 1)`,
        [organizationId],
      );
    }
    // So that its id comes after theirs: of customers that were never compared the smaller id is first.
    world.app.clock.advanceSeconds(1);
    billing = await createBilling(world);
    await billing.subscribe({ plan: 'enterprise' });
    const { subscription } = await billing.stripeIds();
    await missing(() => dashboard.cancelLater(subscription));
    for (let run = 0; run < 2; run++) {
      world.app.clock.advanceSeconds(600);
      await reconcileCustomers(world.app.services);
    }
    expect(await repairs()).toMatchObject([{ fields: expect.arrayContaining(['cancelsAt']) }]);
  });
});
