import { createServer } from 'node:http';
import { createPaddleProvider } from '../../../src/billing/providers/paddle/index.ts';
import type {
  Checkout,
  PaymentProvider,
  PlanChoice,
  ProviderName,
  ProviderSubscription,
} from '../../../src/billing/providers/index.ts';
import { createStripeProvider } from '../../../src/billing/providers/stripe/index.ts';
import { type LocalServer, listen } from '../../../workers/local/listen.ts';
import { servePaddle } from '../../../workers/local/paddle/serve-paddle.ts';
import { serveStripe } from '../../../workers/local/stripe/serve-stripe.ts';

export const NAMES: readonly ProviderName[] = ['stripe', 'paddle'];
export const DAY_MS = 86_400_000;
export const API_KEY = 'key_of_the_stand_in';
export const SECRET = 'secret_of_the_webhook';
export const GOOD_CARD = '4242424242424242';
/** Works on the page, and fails when the customer is not there. */
export const FAILING_CARD = '4000002760003184';

export interface Received {
  body: string;
  signature: string;
}

/** A stand-in of a provider with the adapter to it, and what a test does at the provider itself. */
export interface ProviderWorld {
  name: ProviderName;
  provider: PaymentProvider;
  server: LocalServer;
  /** Webhooks that came, once `settle` has returned. */
  received: Received[];
  /** The adapter again, with another fetch or a clock that is ahead. */
  adapter(options?: { fetcher?: typeof fetch; aheadMs?: number; apiUrl?: string }): PaymentProvider;
  control(call: string, body?: object): Promise<void>;
  advance(days: number): Promise<void>;
  settle(): Promise<void>;
  pay(url: string, card?: string): Promise<Response>;
  /** Creates a code that takes a fifth off the first payment. */
  createCode(code: string): Promise<void>;
  deleteCustomer(id: string): Promise<void>;
  /** What the provider itself says was paid by a customer, in cents, the newest first; also payments of nothing. */
  readPayments(customerId: string): Promise<number[]>;
  /** What the provider itself says went back to the customer's card, in cents. */
  readRefunds(customerId: string): Promise<number[]>;
  /** Creates a price with another amount than the catalogue has. */
  createWrongPrice(key: string): Promise<void>;
  close(): Promise<void>;
}

type Send = <T = { id: string }>(request: string, body?: object) => Promise<T>;

const encodeForm = (body: object) =>
  new URLSearchParams(Object.entries(body) as [string, string][]).toString();

const clientOf =
  (server: LocalServer, encode: (body: object) => string): Send =>
  async <T>(request: string, body?: object) => {
    const [method, path] = request.split(' ');
    const response = await fetch(`${server.url}${path}`, {
      ...(method ? { method } : {}),
      headers: { authorization: `Bearer ${API_KEY}` },
      ...(body ? { body: encode(body) } : {}),
    });
    const answer = await response.json<{ data?: T }>();
    if (!response.ok) throw new Error(JSON.stringify(answer));
    return answer.data ?? (answer as T);
  };

type Own = Pick<
  ProviderWorld,
  'createCode' | 'deleteCustomer' | 'createWrongPrice' | 'readPayments' | 'readRefunds'
>;

function atStripe(server: LocalServer): Own {
  const send = clientOf(server, encodeForm);
  return {
    async createCode(code) {
      const { id } = await send('POST /v1/coupons', { percent_off: '20', duration: 'once' });
      await send('POST /v1/promotion_codes', { 'promotion[type]': 'coupon', 'promotion[coupon]': id, code });
    },
    async deleteCustomer(id) {
      await send(`DELETE /v1/customers/${id}`);
    },
    async readPayments(customer) {
      const path = `/v1/invoices?customer=${customer}&status=paid&limit=100`;
      const invoices = await send<{ amount_paid: number }[]>(`GET ${path}`);
      return invoices.map(({ amount_paid: paid }) => paid);
    },
    async readRefunds(customer) {
      const refunds = await send<{ amount: number; customer: string }[]>('GET /v1/refunds?limit=100');
      return refunds.filter((each) => each.customer === customer).map(({ amount }) => amount);
    },
    async createWrongPrice(key) {
      const { id } = await send('POST /v1/products', { name: 'Other' });
      await send('POST /v1/prices', {
        product: id,
        currency: 'usd',
        unit_amount: '1',
        lookup_key: key,
        'recurring[interval]': 'month',
      });
    },
  };
}

function atPaddle(server: LocalServer): Own {
  const send = clientOf(server, JSON.stringify);
  return {
    async createCode(code) {
      await send('POST /discounts', { description: code, type: 'percentage', amount: '20', code });
    },
    async deleteCustomer(id) {
      await send(`PATCH /customers/${id}`, { status: 'archived', email: `gone-${id.slice(-6)}@b.test` });
    },
    async readPayments(customer) {
      const path = `/transactions?customer_id=${customer}&status=completed&per_page=200`;
      const transactions = await send<{ details: { totals: { grand_total: string } } }[]>(`GET ${path}`);
      return transactions.map(({ details }) => Number(details.totals.grand_total));
    },
    async readRefunds(customer) {
      const adjustments = await send<{ totals: { total: string } }[]>(
        `GET /adjustments?customer_id=${customer}`,
      );
      return adjustments.map(({ totals }) => Number(totals.total));
    },
    async createWrongPrice(key) {
      const { id } = await send('POST /products', { name: 'Other', tax_category: 'saas' });
      await send('POST /prices', {
        product_id: id,
        description: key,
        unit_price: { amount: '1', currency_code: 'USD' },
        billing_cycle: { interval: 'month', frequency: 1 },
        custom_data: { auralink_price: key },
      });
    },
  };
}

const HEADERS = { stripe: 'stripe-signature', paddle: 'paddle-signature' } as const;

async function startReceiver(name: ProviderName, received: Received[]): Promise<LocalServer> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      received.push({ body, signature: String(request.headers[HEADERS[name]]) });
      response.writeHead(204).end();
    });
  });
  return listen(server, 0);
}

function adapterOf(
  name: ProviderName,
  apiUrl: string,
  fetcher: typeof fetch | undefined,
  aheadMs: number,
): PaymentProvider {
  const clock = { now: () => Date.now() + aheadMs };
  const own = (url: string, init?: RequestInit) => (fetcher ?? fetch)(url, init);
  const factory =
    name === 'stripe'
      ? createStripeProvider({ secretKey: API_KEY, webhookSecret: SECRET, apiUrl }, clock, own)
      : createPaddleProvider({ apiKey: API_KEY, webhookSecret: SECRET, apiUrl }, clock, own);
  return factory();
}

export async function startWorld(name: ProviderName): Promise<ProviderWorld> {
  const received: Received[] = [];
  const receiver = await startReceiver(name, received);
  const webhook = { url: receiver.url, secret: SECRET };
  const server = await (name === 'stripe'
    ? serveStripe({ port: 0, secretKey: API_KEY, webhook })
    : servePaddle({ port: 0, apiKey: API_KEY, webhook }));
  const control = async (call: string, body: object = {}) => {
    const response = await fetch(`${server.url}/stand-in/${call}`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(await response.text());
  };
  return {
    name,
    provider: adapterOf(name, server.url, undefined, 0),
    server,
    received,
    adapter: ({ fetcher, aheadMs = 0, apiUrl = server.url } = {}) =>
      adapterOf(name, apiUrl, fetcher, aheadMs),
    control,
    advance: (days) => control('clock', { advanceSeconds: Math.round((days * DAY_MS) / 1_000) }),
    settle: () => control('deliveries/settle'),
    pay: (url, card = GOOD_CARD) =>
      fetch(url, {
        method: 'POST',
        redirect: 'manual',
        body: new URLSearchParams({ number: card, month: '12', year: '2099', country: 'US' }),
      }),
    ...(name === 'stripe' ? atStripe(server) : atPaddle(server)),
    async close() {
      await server.close();
      await receiver.close();
    },
  };
}

export const PRO: PlanChoice = { plan: 'pro', interval: 'monthly', planVersion: 1, seats: 0 };
export const PRO_YEARLY: PlanChoice = { plan: 'pro', interval: 'yearly', planVersion: 1, seats: 0 };
export const ENTERPRISE: PlanChoice = { plan: 'enterprise', interval: 'monthly', planVersion: 1, seats: 0 };

let count = 0;
export const newKey = (): string => `key-${(count += 1)}`;

export const createCustomer = ({ provider }: ProviderWorld, organizationId = newKey()): Promise<string> =>
  provider.ensureCustomer({
    organizationId,
    customerId: null,
    name: 'Acme',
    email: `${organizationId}@b.test`,
  });

export const startCheckout = (
  { provider }: ProviderWorld,
  customerId: string,
  more: Partial<Parameters<PaymentProvider['startCheckout']>[0]> = {},
): Promise<Checkout> =>
  provider.startCheckout({
    organizationId: 'org_1',
    customerId,
    choice: PRO,
    trialDays: 0,
    returnUrl: 'http://localhost:1/done',
    cancelUrl: 'http://localhost:1/back',
    key: newKey(),
    ...more,
  });

/** A new customer with a subscription that was paid for. */
export async function subscribe(
  world: ProviderWorld,
  { choice = PRO, trialDays = 0, card = GOOD_CARD } = {},
): Promise<ProviderSubscription> {
  const customerId = await createCustomer(world);
  const { url } = await startCheckout(world, customerId, { choice, trialDays });
  const paid = await world.pay(url, card);
  if (paid.status !== 303) throw new Error(await paid.text());
  const [subscription] = await world.provider.listSubscriptions(customerId);
  if (!subscription) throw new Error('the checkout began no subscription');
  return subscription;
}

/** The subscription as it is now, which must be there. */
export async function read({ provider }: ProviderWorld, id: string): Promise<ProviderSubscription> {
  const found = await provider.readSubscription(id);
  if (!found) throw new Error(`there is no subscription ${id}`);
  return found;
}

/** The invoices of a customer, the newest first. */
export async function readInvoices({ provider }: ProviderWorld, customerId: string) {
  const ids = await provider.listInvoices(customerId, 0);
  const records = await Promise.all(ids.map((id) => provider.readInvoice(id)));
  return records.map((record) => record!);
}

/** The newest invoice of a customer. */
export async function readLatest(world: ProviderWorld, customerId: string) {
  const [latest] = await readInvoices(world, customerId);
  return latest!.invoice;
}
