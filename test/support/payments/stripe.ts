import { createServer } from 'node:http';
import { Stripe } from 'stripe';
import { createPayments } from '../../../src/billing/providers/index.ts';
import { createStripeProvider } from '../../../src/billing/providers/stripe/index.ts';
import { type Clock, systemClock } from '../../../src/kernel/core/index.ts';
import { listen } from '../../../workers/local/listen.ts';
import { serveStripe } from '../../../workers/local/stripe/serve-stripe.ts';
import { signatureOf } from '../../../workers/local/stripe/webhooks/signature.ts';
import { createTestApp, type TestApp } from '../app.ts';

const SECRET_KEY = 'sk_test_local';
const WEBHOOK_SECRET = 'whsec_local';
const DAY_SECONDS = 86_400;

export interface StripeWorld {
  app: TestApp;
  /** Stripe's SDK, for what somebody does in Stripe's dashboard. */
  stripe: Stripe;
  /** Address of the stand-in. */
  url: string;
  /** Asks the stand-in itself: `clock`, `faults`, `deliveries` … */
  control(call: string, body?: object): Promise<void>;
  /** Delivers the webhooks that wait, and what follows from them in the product. */
  settle(): Promise<void>;
  /** Moves the clocks of Stripe and of the product together, day by day, and settles after each. */
  advanceDays(days: number): Promise<void>;
  /** Completes a checkout as the customer does on its page. */
  completeCheckout(checkoutUrl: string, fields?: Record<string, string>): Promise<void>;
  close(): Promise<void>;
}

/** Passes each webhook on to the product, as Stripe's request would arrive. */
async function startForwarder(app: () => TestApp) {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const raw = Buffer.concat(chunks).toString('utf8');
      const headers = { 'stripe-signature': String(request.headers['stripe-signature']) };
      app()
        .send('POST', '/webhooks/stripe', { raw, headers })
        .then(
          ({ status }) => response.writeHead(status).end(),
          () => response.writeHead(500).end(),
        );
    });
  });
  return listen(server, 0);
}

/** The header of an event that Stripe signs now. */
export const signStripeEvent = (raw: string) => ({
  'stripe-signature': signatureOf(raw, WEBHOOK_SECRET, Math.floor(Date.now() / 1000)),
});

/** Stripe as a payment provider, at the address of a stand-in, and others beside it. */
export const createStripePayments = (
  apiUrl: string,
  clock: Clock,
  others: Parameters<typeof createPayments>[0] = {},
  fetcher: typeof fetch = fetch,
) =>
  createPayments({
    ...others,
    stripe: createStripeProvider(
      { secretKey: SECRET_KEY, webhookSecret: WEBHOOK_SECRET, apiUrl },
      clock,
      (url, init) => fetcher(url, init),
    ),
  });

export const startStripe = (webhook?: string) =>
  serveStripe({
    port: 0,
    secretKey: SECRET_KEY,
    ...(webhook === undefined ? {} : { webhook: { url: webhook, secret: WEBHOOK_SECRET } }),
  });

const CARD = {
  number: '4242424242424242',
  month: '12',
  year: '2050',
  country: '',
  name: '',
  email: '',
  code: '',
};

/** Completes a checkout as the customer does on its page; what follows is not settled. */
export async function completeOnPage(
  checkoutUrl: string,
  fields: Record<string, string> = {},
): Promise<void> {
  const address = checkoutUrl.replace('localhost', '127.0.0.1');
  const body = new URLSearchParams({ ...CARD, ...fields });
  const answer = await fetch(address, { method: 'POST', body, redirect: 'manual' });
  if (answer.status !== 303) throw new Error(`the checkout was not completed: ${await answer.text()}`);
}

/** Subscribes an organization of an app whose stand-in sends no webhooks: the report is sent here. @returns a token of an owner */
export async function subscribeThroughApi(
  app: TestApp,
  organizationId: string,
  plan: 'pro' | 'enterprise' = 'enterprise',
): Promise<string> {
  const { token } = await app.person({ organizationId });
  const body = { plan, interval: 'monthly' };
  const started = await app.send('POST', '/api/v1/billing/checkout', { token, body });
  const { origin, pathname } = new URL((started.body.url as string).replace('localhost', '127.0.0.1'));
  await completeOnPage(started.body.url);
  const session = await fetch(`${origin}/v1/checkout/sessions/${pathname.split('/').at(-1)}`, {
    headers: { authorization: `Bearer ${SECRET_KEY}` },
  });
  const { subscription, customer }: { subscription: string; customer: string } = await session.json();
  const object = { id: subscription, object: 'subscription', customer };
  const raw = JSON.stringify({
    id: crypto.randomUUID(),
    object: 'event',
    type: 'x',
    created: 1,
    data: { object },
  });
  await app.send('POST', '/webhooks/stripe', { raw, headers: signStripeEvent(raw) });
  await app.drain();
  return (await app.person({ organizationId, plan })).token;
}

/**
 * The product with a stand-in of Stripe over HTTP, its catalogue made, and webhooks that reach the product.
 * @param fetcher what the product's requests to Stripe go through
 */
export async function createStripeWorld(
  configOverrides: Record<string, string> = {},
  fetcher?: typeof fetch,
): Promise<StripeWorld> {
  let app!: TestApp;
  const forwarder = await startForwarder(() => app);
  const server = await startStripe(`${forwarder.url}/webhooks/stripe`);
  const clock: Clock = { now: () => app?.clock.now() ?? systemClock.now() };
  const payments = createStripePayments(server.url, clock, {}, fetcher);
  app = createTestApp({ payments }, configOverrides);
  await payments.of('stripe').ensureCatalog();
  const { port } = server;
  const stripe = new Stripe(SECRET_KEY, { host: '127.0.0.1', port, protocol: 'http', telemetry: false });
  const control = async (call: string, body: object = {}) => {
    const answer = await fetch(`${server.url}/stand-in/${call}`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(await answer.text());
  };
  const settle = async () => {
    await control('deliveries/settle');
    await app.drain();
  };
  return {
    app,
    stripe,
    url: server.url,
    control,
    settle,
    async advanceDays(days) {
      for (let day = 0; day < days; day++) {
        await control('clock', { advanceSeconds: DAY_SECONDS });
        app.clock.advanceSeconds(DAY_SECONDS);
        await settle();
      }
    },
    async completeCheckout(checkoutUrl, fields = {}) {
      await completeOnPage(checkoutUrl, fields);
      await settle();
    },
    async close() {
      await server.close();
      await forwarder.close();
    },
  };
}
