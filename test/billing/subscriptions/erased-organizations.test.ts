import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reconcileCustomers } from '../../../src/billing/reconciliation/reconcile-customers.ts';
import { eraseDeletedOrganizations } from '../../../src/identity/deleted-organizations/erase-organizations.ts';
import { ownerSql } from '../../contract/sql.ts';
import { createPaddleWorld } from '../../support/payments/paddle.ts';
import { createStripeWorld } from '../../support/payments/stripe.ts';
import { createBilling } from './support.ts';

const DAY_SECONDS = 86_400;
const WORLDS = { stripe: () => createStripeWorld(), paddle: () => createPaddleWorld() };

describe.each(['stripe', 'paddle'] as const)('an organization that pays at %s', (name) => {
  let world: Awaited<ReturnType<(typeof WORLDS)[typeof name]>>;
  beforeAll(async () => {
    world = await WORLDS[name]();
  });
  afterAll(() => world.close());

  const countOf = async (table: string, organizationId: string) =>
    (
      await ownerSql(
        `select 1 from ${table} where ${table === 'organizations' ? 'id' : 'organization_id'} = $1`,
        [organizationId],
      )
    ).length;
  const api = () => world.app.services.ports.payments.of(name);

  it('is erased only when its subscription has ended at the provider, and is charged for nothing afterwards', async () => {
    const billing = await createBilling(world);
    await billing.subscribe({ plan: 'enterprise' });
    const { customer, subscription } = await billing.stripeIds();
    const { organizationId } = billing.owner;
    const { token } = await world.app.person({ organizationId, plan: 'enterprise' });
    const deleted = await world.app.send('DELETE', `/api/v1/organizations/${organizationId}`, { token });
    expect(deleted).toMatchObject({ status: 204 });
    // The cancellation that follows from the deletion is lost.
    await ownerSql('delete from outbox where organization_id = $1', [organizationId]);
    world.app.clock.advanceSeconds(31 * DAY_SECONDS);
    await eraseDeletedOrganizations(world.app.services);
    expect(await countOf('organizations', organizationId)).toBe(1);
    expect(await api().readSubscription(subscription)).toMatchObject({ status: 'active' });
    await reconcileCustomers(world.app.services);
    expect(await api().readSubscription(subscription)).toMatchObject({ status: 'cancelled' });
    await eraseDeletedOrganizations(world.app.services);
    expect(await countOf('organizations', organizationId)).toBe(0);
    const before = await api().listInvoices(customer, 0);
    await world.control('clock', { advanceSeconds: 40 * DAY_SECONDS });
    await world.settle();
    expect(await api().listInvoices(customer, 0)).toEqual(before);
    for (const table of ['organizations', 'subscriptions', 'billing_customers', 'invoices'])
      expect(await countOf(table, organizationId)).toBe(0);
  });
});
