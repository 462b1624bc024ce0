import { createServer } from 'node:http';
import { Stripe } from 'stripe';
import { listen, type LocalServer } from '../../../workers/local/listen.ts';
import { serveStripe, type StripeOptions } from '../../../workers/local/stripe/serve-stripe.ts';

export const START = Date.UTC(2027, 0, 31, 12) / 1000;
export const DAY = 86_400;
export const HOUR = 3_600;

export interface StandIn {
  server: LocalServer;
  stripe: Stripe;
  /** Asks the stand-in itself. */
  control(call: string, body?: object): Promise<{ now: number; waitingDeliveries: number }>;
}

/** The SDK, with the stand-in for every address of Stripe. */
export function clientOf({ port }: { port: number }, options: Stripe.StripeConfig = {}): Stripe {
  return new Stripe('sk_test_local', {
    host: '127.0.0.1',
    port,
    protocol: 'http',
    maxNetworkRetries: 0,
    telemetry: false,
    ...options,
  });
}

export async function startStandIn(options: Pick<StripeOptions, 'file' | 'webhook'> = {}): Promise<StandIn> {
  const server = await serveStripe({ port: 0, secretKey: 'sk_test_local', ...options });
  return {
    server,
    stripe: clientOf(server),
    async control(call, body) {
      const response = await fetch(`${server.url}/stand-in/${call}`, {
        method: body || call.endsWith('settle') ? 'POST' : 'GET',
        body: body ? JSON.stringify(body) : undefined,
      });
      if (!response.ok) throw new Error(await response.text());
      return response.json();
    },
  };
}

/** A customer on a test clock with a card, and a monthly and a yearly price. */
export async function prepareCustomer(stripe: Stripe, card = 'pm_card_visa') {
  const clock = await stripe.testHelpers.testClocks.create({ frozen_time: START });
  const customer = await stripe.customers.create({ email: 'ann@b.test', test_clock: clock.id });
  const method = await stripe.paymentMethods.attach(card, { customer: customer.id });
  await stripe.customers.update(customer.id, { invoice_settings: { default_payment_method: method.id } });
  const advance = (to: number) => stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: to });
  return { clock: clock.id, customer: customer.id, method: method.id, advance };
}

export async function createPrices(stripe: Stripe) {
  const product = await stripe.products.create({ name: 'Pro' });
  const base = { currency: 'usd', product: product.id };
  const monthly = await stripe.prices.create({
    ...base,
    unit_amount: 4900,
    recurring: { interval: 'month' },
  });
  const yearly = await stripe.prices.create({
    ...base,
    unit_amount: 49_000,
    recurring: { interval: 'year' },
  });
  const enterprise = await stripe.prices.create({
    ...base,
    unit_amount: 49_900,
    recurring: { interval: 'month' },
  });
  return { product: product.id, monthly: monthly.id, yearly: yearly.id, enterprise: enterprise.id };
}

export interface Received {
  body: string;
  signature: string;
}

/** A receiver of webhooks that answers with `status`. */
export async function startReceiver() {
  const received: Received[] = [];
  const state = { status: 200 };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const signature = String(request.headers['stripe-signature']);
      received.push({ body: Buffer.concat(chunks).toString('utf8'), signature });
      response.writeHead(state.status).end();
    });
  });
  const local = await listen(server, 0);
  return { ...local, received, state };
}

export const periodOf = (subscription: Stripe.Subscription) => {
  const [item] = subscription.items.data;
  return { start: item?.current_period_start ?? 0, end: item?.current_period_end ?? 0 };
};
