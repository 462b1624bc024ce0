import { randomBytes } from 'node:crypto';
import type { Account } from '../account/account.ts';
import { actUntil } from '../account/clock.ts';
import { testClockRoutes } from '../account/test-clocks.ts';
import { couponRoutes } from '../catalog/coupons.ts';
import { priceRoutes } from '../catalog/prices.ts';
import { productRoutes } from '../catalog/products.ts';
import { taxRoutes } from '../catalog/tax.ts';
import { customerRoutes } from '../customers/customers.ts';
import { paymentMethodRoutes } from '../customers/payment-methods.ts';
import { invoiceItemRoutes } from '../invoices/invoice-items.routes.ts';
import { invoiceRoutes } from '../invoices/invoices.routes.ts';
import { meterEventRoutes } from '../meters/meter-events.ts';
import { meterRoutes } from '../meters/meters.ts';
import { checkoutRoutes } from '../pages/checkout-sessions.ts';
import { portalRoutes } from '../pages/portal-sessions.ts';
import { creditNoteRoutes } from '../payments/credit-notes.ts';
import { refundRoutes } from '../payments/refunds.ts';
import { subscriptionRoutes } from '../subscriptions/subscriptions.routes.ts';
import { webhookRoutes } from '../webhooks/endpoints.ts';
import { StripeFailure } from './errors.ts';
import { Presenter } from './expand.ts';
import { decodeForm } from './form.ts';
import { IdempotentAnswers, type StoredAnswer } from './idempotency.ts';
import { findRoute } from './router.ts';

const ROUTES = [
  ...customerRoutes,
  ...paymentMethodRoutes,
  ...productRoutes,
  ...priceRoutes,
  ...couponRoutes,
  ...taxRoutes,
  ...subscriptionRoutes,
  ...invoiceRoutes,
  ...invoiceItemRoutes,
  ...creditNoteRoutes,
  ...refundRoutes,
  ...meterRoutes,
  ...meterEventRoutes,
  ...checkoutRoutes,
  ...portalRoutes,
  ...webhookRoutes,
  ...testClockRoutes,
];

export interface ApiRequest {
  method: string;
  path: string;
  query: string;
  body: string;
  idempotencyKey: string | undefined;
  /** Answers 500 after the request has begun: as for every answer from then on, that is what its key gets for a day. */
  breaksDown?: boolean;
}

export interface ApiAnswer extends StoredAnswer {
  headers: Record<string, string>;
}

/** Parameters of a request: a form, or JSON in the second version of the API. */
function paramsOf({ method, path, query, body }: ApiRequest): unknown {
  if (method === 'GET') return decodeForm(query);
  if (!path.startsWith('/v2/')) return decodeForm(body || query);
  try {
    return JSON.parse(body || '{}') as unknown;
  } catch {
    throw StripeFailure.invalid('The body is not JSON.');
  }
}

/** The API over one account. */
export class Api {
  readonly #account: Account;
  readonly #presenter: Presenter;
  readonly #answers = new IdempotentAnswers();

  constructor(account: Account) {
    this.#account = account;
    this.#presenter = new Presenter(account.store);
  }

  answer(request: ApiRequest): ApiAnswer {
    const headers = { 'request-id': `req_${randomBytes(8).toString('hex')}` };
    const key = request.method === 'GET' ? undefined : request.idempotencyKey;
    const fingerprint = `${request.method} ${request.path} ${request.body}`;
    try {
      const earlier =
        key === undefined ? undefined : this.#answers.find(key, fingerprint, this.#account.now());
      if (earlier) return { ...earlier, headers: { ...headers, 'idempotent-replayed': 'true' } };
    } catch (error) {
      return { ...this.#failure(error), headers };
    }
    const answer = this.#run(request);
    // A request that was refused before anything was done may be sent again with the same key.
    if (key !== undefined && answer.status !== 400)
      this.#answers.store(key, fingerprint, this.#account.now(), answer);
    return { ...answer, headers };
  }

  #run(request: ApiRequest): StoredAnswer {
    const account = this.#account;
    try {
      if (request.breaksDown === true)
        throw new StripeFailure(500, { type: 'api_error', message: 'as asked' });
      actUntil(account, null, account.now());
      const { route, ids } = findRoute(ROUTES, request.method, request.path);
      const shown = account.run(() => {
        const { answer, expand } = route.run({ account, ids, path: request.path }, paramsOf(request));
        return this.#presenter.present(answer, expand);
      });
      return { status: 200, body: JSON.stringify(shown) };
    } catch (error) {
      return this.#failure(error);
    }
  }

  #failure(error: unknown): StoredAnswer {
    if (error instanceof StripeFailure)
      return { status: error.status, body: JSON.stringify({ error: error.body }) };
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { status: 500, body: JSON.stringify({ error: { type: 'api_error', message } }) };
  }
}
