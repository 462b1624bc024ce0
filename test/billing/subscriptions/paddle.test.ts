import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ownerSql } from '../../contract/sql.ts';
import { createTestApp } from '../../support/app.ts';
import { createPaddleWorld, type PaddleWorld, signPaddleEvent } from '../../support/payments/paddle.ts';
import { type Billing, createBilling } from './support.ts';

let world: PaddleWorld;
let billing: Billing;
beforeAll(async () => {
  world = await createPaddleWorld();
});
beforeEach(async () => {
  billing = await createBilling(world);
});
afterAll(() => world.close());

const subscriptionId = async () => (await billing.stripeIds()).subscription;

describe('a subscription at Paddle', () => {
  it('is the same after the same report, and ends with its end at Paddle', async () => {
    await billing.subscribe();
    await world.control('deliveries', { duplicates: 2, shuffle: true, seed: 3 });
    await world.send(`POST /subscriptions/${await subscriptionId()}/cancel`, {
      effective_from: 'immediately',
    });
    await world.settle();
    await world.control('deliveries', {});
    expect(await billing.state()).toMatchObject({ plan: 'free', subscription: { status: 'cancelled' } });
    expect(await billing.events()).toEqual([
      'subscription.created',
      'organization.plan_changed',
      'subscription.cancelled',
      'organization.plan_changed',
    ]);
  });

  it('of two organizations of a person are those of two customers, each with an address of its own', async () => {
    const email = 'shared@acme.test';
    await billing.subscribe({ billingEmail: email });
    const other = await createBilling(world);
    expect(await other.startCheckout({ billingEmail: email })).toMatchObject({
      status: 409,
      body: { code: 'billing.email_taken' },
    });
    await other.subscribe({ billingEmail: 'other@acme.test' });
    expect((await other.stripeIds()).customer).not.toBe((await billing.stripeIds()).customer);
  });

  it('keeps what somebody added to it in the dashboard, also when seats are bought', async () => {
    interface Items {
      items: { price: { id: string; product_id: string } }[];
    }
    await billing.subscribe({ plan: 'enterprise' });
    const path = `/subscriptions/${await subscriptionId()}`;
    const { price } = ((await world.send(`GET ${path}`)) as Items).items[0]!;
    const addOn = (await world.send('POST /prices', {
      product_id: price.product_id,
      description: 'Support',
      name: 'Premium support',
      unit_price: { amount: '20000', currency_code: 'USD' },
      billing_cycle: { interval: 'month', frequency: 1 },
      tax_mode: 'external',
      quantity: { minimum: 1, maximum: 1 },
    })) as { id: string };
    const items = [addOn, price].map(({ id }) => ({ price_id: id, quantity: 1 }));
    await world.send(`PATCH ${path}`, { items, proration_billing_mode: 'prorated_immediately' });
    await world.settle();
    expect(await billing.send('PATCH', 'subscription', { seats: 1 })).toMatchObject({
      status: 200,
      body: { plan: 'enterprise', seats: 1 },
    });
    const after = (await world.send(`GET ${path}`)) as Items;
    expect(after.items).toHaveLength(3);
    expect(after.items.map((item) => item.price.id)).toContain(addOn.id);
  });
});

describe('POST /webhooks/paddle', () => {
  const event = (id: string) =>
    JSON.stringify({
      event_id: id,
      event_type: 'subscription.updated',
      occurred_at: '2026-01-05T09:30:00.000Z',
      data: { id: 'sub_unknown', customer_id: 'ctm_unknown' },
    });
  const send = (raw: string, headers: Record<string, string>) =>
    world.app.send('POST', '/webhooks/paddle', { raw, headers });
  const stored = async (id: string) =>
    (await ownerSql("select 1 from provider_events where provider = 'paddle' and id = $1", [id])).length;

  it('stores an event once', async () => {
    const [id, raw] = ['evt_paddle_once', event('evt_paddle_once')];
    for (let times = 0; times < 2; times++)
      expect(await send(raw, signPaddleEvent(raw))).toMatchObject({ status: 204 });
    expect(await stored(id)).toBe(1);
  });

  it('refuses a body that was not signed, and stores nothing of it', async () => {
    const raw = event('evt_paddle_forged');
    const answer = await send(raw, signPaddleEvent(`${raw} `));
    expect(answer).toMatchObject({ status: 401, body: { code: 'billing.bad_signature' } });
    expect(await stored('evt_paddle_forged')).toBe(0);
  });

  it('answers that Paddle is not configured where it is not', async () => {
    const raw = event('evt_paddle_none');
    const answer = await createTestApp().send('POST', '/webhooks/paddle', {
      raw,
      headers: signPaddleEvent(raw),
    });
    expect(answer).toMatchObject({ status: 503, body: { code: 'billing.not_configured' } });
  });
});
