import { afterAll, beforeAll, expect, it } from 'vitest';
import { createStripeWorld, type StripeWorld } from '../../support/payments/stripe.ts';
import { createBilling } from './support.ts';

let world: StripeWorld;
beforeAll(async () => {
  world = await createStripeWorld();
});
afterAll(() => world.close());

it('24 months of a subscription take Stripe’s clock at most a second, and leave the product with the plan', async () => {
  const billing = await createBilling(world);
  await billing.subscribe({ plan: 'enterprise' });
  const { customer } = await billing.stripeIds();
  let elapsedMs = 0;
  for (let month = 0; month < 24; month++) {
    const startedAt = performance.now();
    await world.control('clock', { advanceSeconds: 31 * 86_400 });
    elapsedMs += performance.now() - startedAt;
    world.app.clock.advanceSeconds(31 * 86_400);
    await world.control('deliveries/settle');
  }
  await world.app.drain();
  const { data } = await world.stripe.invoices.list({ customer, limit: 100 });
  expect(data.filter(({ status }) => status === 'paid').length).toBeGreaterThanOrEqual(24);
  expect(await billing.state()).toMatchObject({ plan: 'enterprise', subscription: { status: 'active' } });
  expect(elapsedMs).toBeLessThan(1_000);
});
