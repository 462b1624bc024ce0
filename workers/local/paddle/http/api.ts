import { randomUUID } from 'node:crypto';
import type { Account } from '../account/account.ts';
import { actUntilNow } from '../account/clock.ts';
import { discountRoutes } from '../catalog/discounts.ts';
import { priceRoutes } from '../catalog/prices.ts';
import { productRoutes } from '../catalog/products.ts';
import { addressRoutes } from '../customers/addresses.ts';
import { customerRoutes } from '../customers/customers.ts';
import { paymentMethodRoutes } from '../customers/payment-methods.ts';
import { portalRoutes } from '../customers/portal-sessions.ts';
import { subscriptionRoutes } from '../subscriptions/subscriptions.routes.ts';
import { adjustmentRoutes } from '../transactions/adjustments.ts';
import { transactionRoutes } from '../transactions/transactions.routes.ts';
import { webhookRoutes } from '../webhooks/notification-settings.ts';
import { PaddleFailure } from './errors.ts';
import { Page } from './lists.ts';
import { findRoute } from './router.ts';

const ROUTES = [
  ...productRoutes,
  ...priceRoutes,
  ...discountRoutes,
  ...customerRoutes,
  ...addressRoutes,
  ...paymentMethodRoutes,
  ...portalRoutes,
  ...transactionRoutes,
  ...subscriptionRoutes,
  ...adjustmentRoutes,
  ...webhookRoutes,
];

export interface ApiRequest {
  method: string;
  url: URL;
  body: string;
}

export interface ApiAnswer {
  status: number;
  body: object;
}

/** Creations answer 201; the steps of a subscription's life change it and answer 200. */
const statusOf = (method: string, path: string) =>
  method === 'POST' && !path.startsWith('/subscriptions/') ? 201 : 200;

function paramsOf({ method, url, body }: ApiRequest): unknown {
  if (method === 'GET') return Object.fromEntries(url.searchParams);
  try {
    return JSON.parse(body || '{}') as unknown;
  } catch {
    throw new PaddleFailure(400, 'bad_request', 'The body is not JSON.');
  }
}

/** The API over one account. It has no idempotency keys, as the real one has none. */
export class Api {
  readonly #account: Account;

  constructor(account: Account) {
    this.#account = account;
  }

  answer(request: ApiRequest): ApiAnswer {
    const account = this.#account;
    const meta = { request_id: randomUUID() };
    try {
      actUntilNow(account);
      const { route, ids } = findRoute(ROUTES, request.method, request.url.pathname);
      const data = account.run(() => route.run({ account, ids, url: request.url }, paramsOf(request)));
      if (data === undefined) return { status: 204, body: {} };
      const status = statusOf(request.method, request.url.pathname);
      if (data instanceof Page)
        return { status, body: { data: data.data, meta: { ...meta, pagination: data.pagination } } };
      return { status, body: { data, meta } };
    } catch (error) {
      if (error instanceof PaddleFailure) return { status: error.status, body: { error: error.body, meta } };
      const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
      return { status: 500, body: { error: { type: 'api_error', code: 'internal_error', detail }, meta } };
    }
  }
}
