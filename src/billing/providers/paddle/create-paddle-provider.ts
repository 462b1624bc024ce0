import { type Clock, createBreaker, retry } from '../../../kernel/core/index.ts';
import { createTracedFetch, type Fetch } from '../../../platform/observability/index.ts';
import type { PaymentProvider, ProviderFactory, ProviderInvoicing } from '../index.ts';
import { ensureCatalog } from './catalog.ts';
import { changePlan, previewChange } from './change-plan.ts';
import {
  createPaddleClient,
  findOrUndefined,
  isPaddleFailure,
  LEAST_CHARGE,
  type PaddleCall,
  readAll,
} from './create-paddle-client.ts';
import { creditInvoice } from './credit-invoice.ts';
import { endTrial } from './end-trial.ts';
import { portalSchema, subscriptionSchema } from './paddle.schemas.ts';
import { listPaymentMethods, removePaymentMethod, setDefaultPaymentMethod } from './payment-methods.ts';
import { listInvoices, readInvoice, readUpcomingInvoice } from './read-invoices.ts';
import { readReportedUnits, reportUsage } from './report-usage.ts';
import { ensureCustomer, expireCheckout, startCheckout } from './start-checkout.ts';
import { cancel, pause, resume, unpause } from './steps.ts';
import { toProviderSubscription } from './subscriptions.rules.ts';
import { verifyWebhook } from './verify-webhook.ts';

const FAILURES_TO_OPEN = 5;
const OPEN_MS = 10_000;
const MAX_ATTEMPTS = 3;
const BASE_DELAY_MS = 100;

export interface PaddleConfig {
  apiKey: string;
  webhookSecret: string;
  /** An address in place of Paddle's. */
  apiUrl: string | undefined;
}

/**
 * Repeats a whole step on a temporary failure, not a single request: Paddle has no idempotency keys, and each step
 * begins with a read that finds the results of an attempt without an answer.
 */
const repeat = <T>(work: () => Promise<T>): Promise<T> =>
  retry(work, { attempts: MAX_ATTEMPTS, baseDelayMs: BASE_DELAY_MS, isTransient: isPaddleFailure });

async function listSubscriptions(call: PaddleCall, customer: string) {
  const path = `/subscriptions?per_page=200&customer_id=${customer}` as const;
  return (await readAll(call, path, subscriptionSchema)).map(toProviderSubscription);
}

async function openPortal(call: PaddleCall, customer: string): Promise<string> {
  const { data } = await call(`POST /customers/${customer}/portal-sessions`, portalSchema, {});
  return data.urls.general.overview;
}

async function readSubscription(call: PaddleCall, id: string) {
  const found = await findOrUndefined(call(`GET /subscriptions/${id}`, subscriptionSchema));
  return found && toProviderSubscription(found.data);
}

/** Invoices, payment methods and usage at Paddle. */
const createInvoicing = (call: PaddleCall): ProviderInvoicing => ({
  readInvoice: (id) => repeat(() => readInvoice(call, id)),
  listInvoices: (customerId, sinceMs) => repeat(() => listInvoices(call, customerId, sinceMs)),
  readUpcomingInvoice: (id) => repeat(() => readUpcomingInvoice(call, id)),
  creditInvoice: (request) => repeat(() => creditInvoice(call, request)),
  listPaymentMethods: (customerId) => repeat(() => listPaymentMethods(call, customerId)),
  setDefaultPaymentMethod,
  removePaymentMethod: (id) => repeat(() => removePaymentMethod(call, id)),
  reportUsage: (report) => repeat(() => reportUsage(call, report)),
  readReportedUnits: (usage) => repeat(() => readReportedUnits(call, usage)),
});

type Subscribing = Omit<
  PaymentProvider,
  keyof ProviderInvoicing | 'name' | 'leastCharge' | 'breakerState' | 'verifyWebhook'
>;

const createSubscribing = (call: PaddleCall, clock: Clock): Subscribing => ({
  ensureCatalog: () => repeat(() => ensureCatalog(call)),
  ensureCustomer: (request) => repeat(() => ensureCustomer(call, request)),
  startCheckout: (request) => repeat(() => startCheckout(call, request)),
  expireCheckout: (id) => repeat(() => expireCheckout(call, id)),
  // Paddle's portal cannot return to an address of ours.
  openPortal: ({ customerId }) => repeat(() => openPortal(call, customerId)),
  previewChange: (id, change) => repeat(() => previewChange(call, id, change, clock.now())),
  changePlan: (id, change) => repeat(() => changePlan(call, id, change)),
  endTrial: (id, options) => repeat(() => endTrial(call, id, options)),
  cancel: (id, options) => repeat(() => cancel(call, id, options)),
  resume: (id, options) => repeat(() => resume(call, id, options)),
  pause: (id, options) => repeat(() => pause(call, id, options)),
  unpause: (id, options) => repeat(() => unpause(call, id, options)),
  readSubscription: (id) => repeat(() => readSubscription(call, id)),
  listSubscriptions: (customerId) => repeat(() => listSubscriptions(call, customerId)),
});

/** Creates Paddle as a payment provider; all its instances of an isolate share a breaker. */
export function createPaddleProvider(
  { apiKey, webhookSecret, apiUrl }: PaddleConfig,
  clock: Clock,
  fetcher: Fetch = (url, init) => fetch(url, init),
): ProviderFactory {
  const breaker = createBreaker({
    name: 'Paddle',
    clock,
    failureThreshold: FAILURES_TO_OPEN,
    openMs: OPEN_MS,
    isFailure: isPaddleFailure,
  });
  return (trace) => {
    const own = trace ? createTracedFetch(trace, 'paddle', fetcher) : fetcher;
    const call = createPaddleClient({ apiKey, apiUrl, breaker, fetcher: own });
    return {
      name: 'paddle',
      leastCharge: LEAST_CHARGE,
      get breakerState() {
        return breaker.state;
      },
      ...createSubscribing(call, clock),
      ...createInvoicing(call),
      verifyWebhook: (rawBody, signature) => verifyWebhook(webhookSecret, rawBody, signature, clock.now()),
    };
  };
}
