import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stripe } from 'stripe';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createPrices,
  DAY,
  HOUR,
  prepareCustomer,
  type StandIn,
  START,
  startReceiver,
  startStandIn,
} from './support.ts';

let standIn: StandIn;
let stripe: Stripe;
let receiver: Awaited<ReturnType<typeof startReceiver>>;

beforeEach(async () => {
  standIn = await startStandIn();
  ({ stripe } = standIn);
  receiver = await startReceiver();
});
afterEach(async () => {
  await standIn.server.close();
  await receiver.close();
});

const webhooks = Stripe.webhooks;

async function register(enabled: Stripe.WebhookEndpointCreateParams.EnabledEvent[] = ['*']) {
  const { secret = '' } = await stripe.webhookEndpoints.create({
    url: receiver.url,
    enabled_events: enabled,
  });
  return secret;
}

const settle = () => standIn.control('deliveries/settle');
const typesOf = () => receiver.received.map(({ body }) => (JSON.parse(body) as { type: string }).type);
const createCustomers = async (count: number) => {
  for (let index = 0; index < count; index++) await stripe.customers.create({ name: `Customer ${index}` });
};

describe('webhooks', () => {
  it('are signed, so that the SDK takes them and refuses another body or secret', async () => {
    const secret = await register();
    const customer = await stripe.customers.create({ name: 'Ann' });
    await settle();
    const [{ body, signature } = { body: '', signature: '' }] = receiver.received;
    const event = await webhooks.constructEventAsync(body, signature, secret);
    expect(event).toMatchObject({
      type: 'customer.created',
      api_version: '2026-10-28.endive',
      data: { object: { id: customer.id } },
    });
    await expect(webhooks.constructEventAsync(`${body} `, signature, secret)).rejects.toThrow(/signature/);
    await expect(webhooks.constructEventAsync(body, signature, 'whsec_other')).rejects.toThrow(/signature/);
  });

  it('have an old signature on request, which the SDK refuses', async () => {
    const secret = await register();
    await standIn.control('deliveries', { oldSignature: true });
    await createCustomers(1);
    await settle();
    const [{ body, signature } = { body: '', signature: '' }] = receiver.received;
    await expect(webhooks.constructEventAsync(body, signature, secret)).rejects.toThrow(/tolerance/);
  });

  it('come for the types that were asked for, with what a field was before', async () => {
    await register(['customer.updated']);
    const { id } = await stripe.customers.create({ name: 'Ann' });
    await stripe.customers.update(id, { name: 'Anna' });
    await settle();
    expect(typesOf()).toEqual(['customer.updated']);
    expect(JSON.parse(receiver.received[0]?.body ?? '')).toMatchObject({
      data: { previous_attributes: { name: 'Ann' } },
    });
  });

  it('report each step in the life of a subscription', async () => {
    const { customer, advance } = await prepareCustomer(stripe);
    const { monthly } = await createPrices(stripe);
    await register();
    const { id } = await stripe.subscriptions.create({ customer, items: [{ price: monthly }] });
    await settle();
    expect(typesOf()).toEqual(
      expect.arrayContaining([
        'customer.subscription.created',
        'invoice.created',
        'invoice.finalized',
        'invoice.paid',
        'customer.subscription.updated',
      ]),
    );
    receiver.received.length = 0;
    await advance(START + 28 * DAY + HOUR);
    await settle();
    expect(typesOf().filter((type) => type.startsWith('invoice.') && type !== 'invoice.updated')).toEqual([
      'invoice.created',
      'invoice.finalized',
      'invoice.paid',
      'invoice.payment_succeeded',
    ]);
    receiver.received.length = 0;
    await stripe.subscriptions.cancel(id);
    await settle();
    expect(typesOf()).toEqual(['customer.subscription.deleted']);
  });

  it('are sent again for three days until they are taken, as the clock moves', async () => {
    await register();
    receiver.state.status = 500;
    await createCustomers(1);
    await settle();
    expect(receiver.received).toHaveLength(1);
    await standIn.control('clock', { advanceSeconds: HOUR });
    await settle();
    expect(receiver.received).toHaveLength(3);
    receiver.state.status = 200;
    await standIn.control('clock', { advanceSeconds: 3 * DAY });
    await settle();
    expect(receiver.received).toHaveLength(4);
    expect(new Set(receiver.received.map(({ body }) => (JSON.parse(body) as { id: string }).id)).size).toBe(
      1,
    );
  });

  it('are given up after three days', async () => {
    await register();
    receiver.state.status = 500;
    await createCustomers(1);
    await settle();
    await standIn.control('clock', { advanceSeconds: 10 * DAY });
    await settle();
    expect(receiver.received).toHaveLength(10);
    expect((await standIn.control('state')).waitingDeliveries).toBe(0);
  });

  it('are doubled, dropped and shuffled on request', async () => {
    await register(['customer.created']);
    await standIn.control('deliveries', { duplicates: 1, drop: 0.2, shuffle: true, delayMs: 150, seed: 7 });
    await createCustomers(30);
    await settle();
    const names = receiver.received.map(
      ({ body }) => (JSON.parse(body) as { data: { object: { name: string } } }).data.object.name,
    );
    const distinct = new Set(names);
    expect(names).toHaveLength(distinct.size * 2);
    expect(distinct.size).toBeLessThan(30);
    expect(distinct.size).toBeGreaterThan(15);
    expect(names).not.toEqual(names.toSorted((a, b) => Number(a.slice(9)) - Number(b.slice(9))));
    expect((await stripe.events.list({ type: 'customer.created', limit: 100 })).data).toHaveLength(30);
  });

  it('are thin on request: they name the object, and the SDK reads it', async () => {
    const destination = await stripe.v2.core.eventDestinations.create({
      name: 'Thin',
      type: 'webhook_endpoint',
      event_payload: 'thin',
      enabled_events: ['v1.customer.created'],
      webhook_endpoint: { url: receiver.url },
      include: ['webhook_endpoint.signing_secret'],
    });
    const { id } = await stripe.customers.create({ name: 'Ann' });
    await settle();
    const [{ body, signature } = { body: '', signature: '' }] = receiver.received;
    const secret = destination.webhook_endpoint?.signing_secret ?? '';
    const notification = await stripe.parseEventNotificationAsync(body, signature, secret);
    expect(notification.type).toBe('v1.customer.created');
    expect(body).not.toContain('Ann');
    expect(JSON.parse(body)).toMatchObject({ related_object: { id, url: `/v1/customers/${id}` } });
  });

  it('go to the address given at the start, once also after another start', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'stripe-'));
    const options = {
      file: join(folder, 'stripe.json'),
      webhook: { url: receiver.url, secret: 'whsec_local' },
    };
    for (let start = 1; start <= 2; start++) {
      const other = await startStandIn(options);
      await other.stripe.customers.create({});
      await other.control('deliveries/settle');
      await other.server.close();
      expect(receiver.received).toHaveLength(start);
    }
    const [{ body, signature } = { body: '', signature: '' }] = receiver.received;
    expect(await webhooks.constructEventAsync(body, signature, 'whsec_local')).toMatchObject({
      type: 'customer.created',
    });
    await rm(folder, { recursive: true });
  });

  it('go to this machine only', async () => {
    const elsewhere = stripe.webhookEndpoints.create({
      url: 'https://elsewhere.example/',
      enabled_events: ['*'],
    });
    await expect(elsewhere).rejects.toMatchObject({ statusCode: 400, param: 'url' });
  });

  it('report nothing that was undone', async () => {
    const { customer } = await prepareCustomer(stripe, 'pm_card_chargeCustomerFail');
    const { monthly } = await createPrices(stripe);
    await register();
    const params = {
      customer,
      items: [{ price: monthly }],
      payment_behavior: 'error_if_incomplete' as const,
    };
    await expect(stripe.subscriptions.create(params)).rejects.toThrow(/declined/);
    await stripe.invoices.createPreview({ customer, subscription_details: { items: [{ price: monthly }] } });
    await settle();
    expect(typesOf()).toEqual([]);
  });
});
