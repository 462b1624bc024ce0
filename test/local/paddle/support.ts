import { servePaddle, type PaddleOptions } from '../../../workers/local/paddle/serve-paddle.ts';
import type {
  Adjustment,
  Customer,
  Price,
  Subscription,
  Transaction,
} from '../../../workers/local/paddle/account/stored.ts';
import type { LocalServer } from '../../../workers/local/listen.ts';

export const DAY = 86_400;
/** The last of a month. */
export const START_MS = Date.UTC(2026, 0, 31, 12);
export const API_KEY = 'pdl_test_local';
export const GOOD_CARD = '4242424242424242';
export const DECLINED_CARD = '4000000000000002';
/** Works on the page, and fails later. */
export const FAILING_LATER = '4000002760003184';

export interface Answer<T> {
  status: number;
  data: T;
  error: { code: string; detail: string; errors?: { field: string }[] };
  meta: { pagination?: { next: string; has_more: boolean } };
}

type Json = Record<string, unknown>;

/** A stand-in with a client of its API. */
export class StandIn {
  readonly server: LocalServer;
  constructor(server: LocalServer) {
    this.server = server;
  }

  async call<T = Json>(
    request: string,
    body?: Json,
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> {
    const [method = '', path = ''] = request.split(' ');
    const response = await fetch(new URL(path, this.server.url), {
      method,
      headers: { authorization: `Bearer ${API_KEY}`, ...headers },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    return { status: response.status, ...(text ? (JSON.parse(text) as object) : {}) } as Answer<T>;
  }

  /** The data of an answer that must be a success. */
  async data<T = Json>(request: string, body?: Json): Promise<T> {
    const answer = await this.call<T>(request, body);
    if (answer.status >= 300) throw new Error(`${request}: ${JSON.stringify(answer.error)}`);
    return answer.data;
  }

  async control(call: string, body?: Json): Promise<{ now: number; waitingDeliveries: number }> {
    const response = await fetch(`${this.server.url}/stand-in/${call}`, {
      method: body ? 'POST' : 'GET',
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (!response.ok) throw new Error(await response.text());
    return response.json();
  }

  advance = (days: number) => this.control('clock', { advanceSeconds: Math.round(days * DAY) });

  /** Opens the page of a transaction and pays. @returns the alert of the page, or where it leads */
  async pay(url: string, card: string, more: Record<string, string> = {}): Promise<string> {
    const response = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ number: card, month: '12', year: '2099', country: 'US', ...more }),
    });
    const alert = /role="alert">([^<]*)/.exec(await response.text())?.[1];
    return response.headers.get('location') ?? alert ?? '';
  }

  subscription = (id: string) => this.data<Subscription>(`GET /subscriptions/${id}`);
  transactions = (subscription: string) =>
    this.data<Transaction[]>(`GET /transactions?subscription_id=${subscription}&per_page=200`);
}

export async function startStandIn(options: Partial<PaddleOptions> = {}): Promise<StandIn> {
  return new StandIn(await servePaddle({ port: 0, apiKey: API_KEY, realNow: () => START_MS, ...options }));
}

export interface Catalog {
  product: string;
  monthly: string;
  yearly: string;
  enterprise: string;
}

/** A product with a monthly price of 49, a yearly one of 490 and a larger monthly one of 499 USD. */
export async function createCatalog(standIn: StandIn, more: Json = {}): Promise<Catalog> {
  const { id: product } = await standIn.data<{ id: string }>('POST /products', {
    name: 'Pro',
    tax_category: 'saas',
  });
  const create = async (amount: string, interval: string) => {
    const price = await standIn.data<Price>('POST /prices', {
      product_id: product,
      description: interval,
      unit_price: { amount, currency_code: 'USD' },
      billing_cycle: { interval, frequency: 1 },
      ...more,
    });
    return price.id;
  };
  return {
    product,
    monthly: await create('4900', 'month'),
    yearly: await create('49000', 'year'),
    enterprise: await create('49900', 'month'),
  };
}

let people = 0;
export const createCustomer = (standIn: StandIn) =>
  standIn.data<Customer>('POST /customers', { email: `customer-${(people += 1)}@b.test` });

/** A transaction of one price for a new customer. */
export async function startCheckout(standIn: StandIn, price: string, more: Json = {}): Promise<Transaction> {
  const { id } = await createCustomer(standIn);
  return standIn.data<Transaction>('POST /transactions', {
    items: [{ price_id: price, quantity: 1 }],
    customer_id: id,
    ...more,
  });
}

/** A subscription that was paid for on the page. */
export async function subscribe(
  standIn: StandIn,
  price: string,
  { card = GOOD_CARD, country = 'US', code = '' } = {},
): Promise<Subscription> {
  const { id, checkout } = await startCheckout(standIn, price);
  const problem = await standIn.pay(checkout?.url ?? '', card, { country, code });
  if (problem !== '/') throw new Error(problem);
  const { subscription_id: subscription } = await standIn.data<Transaction>(`GET /transactions/${id}`);
  return standIn.subscription(subscription ?? '');
}

export const sum = (amounts: readonly (string | number)[]): number =>
  amounts.reduce<number>((total, amount) => total + Number(amount), 0);

export type { Adjustment, Subscription, Transaction };
