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
  // The time of the processor, which other programs on the machine do not lengthen.
  let usedMicros = 0;
  for (let month = 0; month < 24; month++) {
    const before = process.cpuUsage();
    await world.control('clock', { advanceSeconds: 31 * 86_400 });
    const { user, system } = process.cpuUsage(before);
    usedMicros += user + system;
    world.app.clock.advanceSeconds(31 * 86_400);
    await world.control('deliveries/settle');
  }
  await world.app.drain();
  const { data } = await world.stripe.invoices.list({ customer, limit: 100 });
  expect(data.filter(({ status }) => status === 'paid').length).toBeGreaterThanOrEqual(24);
  expect(await billing.state()).toMatchObject({ plan: 'enterprise', subscription: { status: 'active' } });
  expect(usedMicros).toBeLessThan(1_000_000);
});
