import { mkdtemp, rm, stat } from 'node:fs/promises';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientOf, createPrices, HOUR, prepareCustomer, type StandIn, startStandIn } from './support.ts';

let standIn: StandIn;
let stripe: Stripe;

beforeAll(async () => {
  standIn = await startStandIn();
  ({ stripe } = standIn);
});
afterAll(() => standIn.server.close());

describe('the API', () => {
  it('is refused without its key', async () => {
    const response = await fetch(`${standIn.server.url}/v1/customers`, {
      headers: { authorization: 'Bearer other' },
    });
    expect([response.status, await response.json()]).toMatchObject([
      401,
      { error: { type: 'invalid_request_error' } },
    ]);
  });

  it.each([
    ['an unknown parameter', { nickname: 'x' }, 'parameter_unknown', 'nickname'],
    [
      'an unknown parameter within another',
      { address: { planet: 'Earth' } },
      'parameter_unknown',
      'address[planet]',
    ],
  ])('refuses %s and names it', async (_, params, code, param) => {
    await expect(stripe.customers.create(params as object)).rejects.toMatchObject({
      statusCode: 400,
      code,
      param,
    });
  });

  it('refuses a missing parameter and names it', async () => {
    await expect(stripe.products.create({} as never)).rejects.toMatchObject({
      code: 'parameter_missing',
      param: 'name',
    });
  });

  it('answers 404 for an object that does not exist, and for a call that it does not have', async () => {
    await expect(stripe.subscriptions.retrieve('sub_none')).rejects.toMatchObject({
      statusCode: 404,
      code: 'resource_missing',
    });
    await expect(stripe.topups.list()).rejects.toMatchObject({ statusCode: 404 });
  });

  it('lists newest first, in pages that the SDK follows', async () => {
    const product = await stripe.products.create({ name: 'Paged' });
    for (let amount = 1; amount <= 5; amount++)
      await stripe.prices.create({ currency: 'eur', product: product.id, unit_amount: amount });
    const amounts: (number | null)[] = [];
    for await (const price of stripe.prices.list({ product: product.id, limit: 2 }))
      amounts.push(price.unit_amount);
    expect(amounts).toEqual([5, 4, 3, 2, 1]);
    const { data } = await stripe.prices.list({ product: product.id, limit: 2 });
    const before = await stripe.prices.list({ product: product.id, ending_before: data[1]?.id });
    expect(before.data.map(({ unit_amount: amount }) => amount)).toEqual([5]);
    await expect(stripe.prices.list({ starting_after: 'price_none' })).rejects.toMatchObject({
      param: 'starting_after',
    });
  });

  it('shows references as ids, and as objects where a path asks for it', async () => {
    const { customer } = await prepareCustomer(stripe);
    const { monthly } = await createPrices(stripe);
    const { id } = await stripe.subscriptions.create({ customer, items: [{ price: monthly }] });
    expect((await stripe.subscriptions.retrieve(id)).customer).toBe(customer);
    const expanded = await stripe.subscriptions.retrieve(id, {
      expand: ['customer.invoice_settings.default_payment_method', 'items.data.price.product'],
    });
    const { email, invoice_settings: settings } = expanded.customer as Stripe.Customer;
    expect([email, (settings.default_payment_method as Stripe.PaymentMethod).card?.last4]).toEqual([
      'ann@b.test',
      '4242',
    ]);
    expect(expanded.items.data[0]?.price.product).toMatchObject({ name: 'Pro' });
    await expect(stripe.subscriptions.retrieve(id, { expand: ['nothing'] })).rejects.toThrow(
      /cannot be expanded/,
    );
  });

  it('does a request with a repeated key once, and refuses the key for another request', async () => {
    const idempotencyKey = `key-${Math.random()}`;
    const first = await stripe.customers.create({ name: 'Once' }, { idempotencyKey });
    const again = await stripe.customers.create({ name: 'Once' }, { idempotencyKey });
    expect([again.id, again.lastResponse.headers['idempotent-replayed']]).toEqual([first.id, 'true']);
    await expect(stripe.customers.create({ name: 'Other' }, { idempotencyKey })).rejects.toMatchObject({
      type: 'StripeIdempotencyError',
      statusCode: 400,
    });
  });

  it('changes, adds and removes metadata key by key', async () => {
    const { id } = await stripe.customers.create({ metadata: { a: '1', b: '2' } });
    expect((await stripe.customers.update(id, { metadata: { a: '', c: '3' } })).metadata).toEqual({
      b: '2',
      c: '3',
    });
    expect((await stripe.customers.update(id, { metadata: '' })).metadata).toEqual({});
  });

  it('deletes a customer with their subscriptions', async () => {
    const { customer } = await prepareCustomer(stripe);
    const { monthly } = await createPrices(stripe);
    const { id } = await stripe.subscriptions.create({ customer, items: [{ price: monthly }] });
    await stripe.customers.del(customer);
    expect((await stripe.customers.retrieve(customer)).deleted).toBe(true);
    expect((await stripe.subscriptions.retrieve(id)).status).toBe('canceled');
    await expect(stripe.customers.update(customer, { name: 'x' })).rejects.toMatchObject({
      code: 'resource_missing',
    });
  });
});

describe('faults', () => {
  const faultOf = (fault: object) => ({ headers: { 'stand-in-fault': JSON.stringify(fault) } });

  it('come for the one request whose header asks for them', async () => {
    await expect(stripe.customers.create({}, faultOf({ status: 503 }))).rejects.toMatchObject({
      statusCode: 503,
    });
    await expect(stripe.customers.create({}, faultOf({ drop: true }))).rejects.toMatchObject({
      type: 'StripeConnectionError',
    });
    await expect(stripe.customers.create({})).resolves.toBeDefined();
  });

  it('come for the next requests of a path, and the SDK tries again', async () => {
    await standIn.control('faults', {
      next: [
        { status: 503, path: '/v1/products' },
        { drop: true, path: '/v1/products' },
      ],
    });
    await stripe.customers.create({});
    const product = await clientOf(standIn.server, { maxNetworkRetries: 2 }).products.create({
      name: 'Retried',
    });
    expect((await stripe.products.list({ limit: 1 })).data[0]?.id).toBe(product.id);
  });

  it('with status 500 are what the key of the request gets from then on', async () => {
    const idempotencyKey = `key-${Math.random()}`;
    const create = () => stripe.customers.create({ name: 'Broken' }, { idempotencyKey });
    await standIn.control('faults', { next: [{ status: 500, method: 'POST' }] });
    await stripe.customers.list();
    await expect(create()).rejects.toMatchObject({ statusCode: 500 });
    await expect(create()).rejects.toMatchObject({
      statusCode: 500,
      headers: { 'idempotent-replayed': 'true' },
    });
  });

  it('lose the answer of a request that was done, and its repetition with the same key does it no second time', async () => {
    const email = `lost-${Math.random()}@b.test`;
    await standIn.control('faults', { next: [{ loseAnswer: true, path: '/v1/customers' }] });
    await clientOf(standIn.server, { maxNetworkRetries: 2 }).customers.create({ email });
    expect((await stripe.customers.list({ email })).data).toHaveLength(1);
  });
});

describe('the clock of the account', () => {
  it('moves everybody who is on no test clock', async () => {
    const customer = await stripe.customers.create({});
    const method = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id });
    const { monthly } = await createPrices(stripe);
    const { id, items } = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: monthly }],
      default_payment_method: method.id,
    });
    const { now } = await standIn.control('state');
    const end = items.data[0]?.current_period_end ?? 0;
    await standIn.control('clock', { advanceSeconds: end - now + 2 * HOUR });
    const { data } = await stripe.invoices.list({ subscription: id });
    expect(data.map(({ status }) => status)).toEqual(['paid', 'paid']);
    expect(data[0]?.created).toBe(end);
  });
});

describe('an account with a file', () => {
  it('is the same after another start, and only its owner can read the file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'stripe-'));
    const file = join(folder, 'stripe.json');
    const first = await startStandIn({ file });
    const { customer } = await prepareCustomer(first.stripe);
    await first.control('clock', { advanceSeconds: 100 * HOUR });
    const { now } = await first.control('state');
    await first.server.close();
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const second = await startStandIn({ file });
    expect(await second.stripe.customers.retrieve(customer)).toMatchObject({ email: 'ann@b.test' });
    expect((await second.control('state')).now).toBeGreaterThanOrEqual(now);
    await second.server.close();
    await rm(folder, { recursive: true });
  });
});

it('refuses other hosts and pages of other sites', async () => {
  const statusOf = (headers: Record<string, string>) =>
    new Promise((resolve, reject) => {
      get({ host: '127.0.0.1', port: standIn.server.port, headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).on('error', reject);
    });
  expect(await statusOf({ host: 'rebound.example' })).toBe(403);
  expect(await statusOf({ host: 'rebound.example', origin: 'http://rebound.example' })).toBe(403);
  expect(await statusOf({ origin: 'https://elsewhere.example' })).toBe(403);
  expect(await statusOf({ host: 'localhost:1', origin: 'http://localhost:1' })).toBe(200);
});
