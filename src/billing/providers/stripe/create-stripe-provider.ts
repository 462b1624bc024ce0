import { type Clock, createBreaker } from '../../../kernel/core/index.ts';
import { createTracedFetch, type Fetch } from '../../../platform/observability/index.ts';
import type { PaymentProvider, ProviderFactory, ProviderSubscription } from '../index.ts';
import { cancel, resume } from './cancel.ts';
import { changePlan, previewChange } from './change-plan.ts';
import { createInvoicing } from './create-invoicing.ts';
import { createStripeClient, isMissing, isStripeFailure, type StripeCall } from './create-stripe-client.ts';
import { endTrial } from './end-trial.ts';
import { ensureCatalog } from './ensure-catalog.ts';
import { pause, unpause } from './pause.ts';
import { ensureCustomer, expireCheckout, startCheckout } from './start-checkout.ts';
import { toProviderSubscription } from './subscriptions.rules.ts';
import { verifyWebhook } from './verify-webhook.ts';

const FAILURES_TO_OPEN = 5;
const OPEN_MS = 10_000;
const MAX_LISTED = 100;

export interface StripeConfig {
  secretKey: string;
  webhookSecret: string;
  /** An address in place of Stripe's. */
  apiUrl: string | undefined;
}

async function readSubscription(call: StripeCall, id: string): Promise<ProviderSubscription | undefined> {
  try {
    return toProviderSubscription(await call((sdk) => sdk.subscriptions.retrieve(id)));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function listSubscriptions(call: StripeCall, customer: string): Promise<ProviderSubscription[]> {
  const list = await call((sdk) =>
    sdk.subscriptions.list({ customer, status: 'all' }).autoPagingToArray({ limit: MAX_LISTED }),
  );
  return list.map(toProviderSubscription);
}

const customersAt = (call: StripeCall) =>
  ({
    ensureCatalog: () => ensureCatalog(call),
    ensureCustomer: (request) => ensureCustomer(call, request),
    startCheckout: (request) => startCheckout(call, request),
    expireCheckout: (id) => expireCheckout(call, id),
    async openPortal({ customerId, returnUrl }) {
      const params = { customer: customerId, return_url: returnUrl };
      return (await call((sdk) => sdk.billingPortal.sessions.create(params))).url;
    },
  }) satisfies Partial<PaymentProvider>;

const subscriptionsAt = (call: StripeCall) =>
  ({
    previewChange: (id, change) => previewChange(call, id, change),
    changePlan: (id, change) => changePlan(call, id, change),
    endTrial: (id, options) => endTrial(call, id, options),
    cancel: (id, options) => cancel(call, id, options),
    resume: (id, options) => resume(call, id, options),
    pause: (id, options) => pause(call, id, options),
    unpause: (id, options) => unpause(call, id, options),
    readSubscription: (id) => readSubscription(call, id),
    listSubscriptions: (customerId) => listSubscriptions(call, customerId),
  }) satisfies Partial<PaymentProvider>;

/** Creates Stripe as a payment provider; all its instances of an isolate share a breaker. */
export function createStripeProvider(
  { secretKey, webhookSecret, apiUrl }: StripeConfig,
  clock: Clock,
  fetcher: Fetch = (url, init) => fetch(url, init),
): ProviderFactory {
  const breaker = createBreaker({
    name: 'Stripe',
    clock,
    failureThreshold: FAILURES_TO_OPEN,
    openMs: OPEN_MS,
    isFailure: isStripeFailure,
  });
  return (trace) => {
    const own = trace ? createTracedFetch(trace, 'stripe', fetcher) : fetcher;
    const call = createStripeClient({ secretKey, apiUrl, breaker, fetcher: own });
    return {
      ...createInvoicing(call),
      name: 'stripe',
      // A smaller amount is left to the next invoice.
      leastCharge: 0n,
      get breakerState() {
        return breaker.state;
      },
      ...customersAt(call),
      ...subscriptionsAt(call),
      verifyWebhook: (rawBody, signature) => verifyWebhook(webhookSecret, rawBody, signature),
    };
  };
}
