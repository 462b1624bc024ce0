import type { Stripe } from 'stripe';
import { type ProviderEvent, providerErrors } from '../index.ts';
import { loadSdk } from './load-sdk.ts';
import { idOf } from './subscriptions.rules.ts';

type References = Partial<Record<'customer' | 'subscription' | 'invoice', string | { id: string } | null>> & {
  id?: string;
  object?: string;
  parent?: { subscription_details?: { subscription?: string | { id: string } | null } | null } | null;
};

/** The customer, subscription and invoice of an event. */
function toProviderEvent({ id, type, created, data }: Stripe.Event): ProviderEvent {
  const object = data.object as References;
  const own = (kind: string) => (object.object === kind ? (object.id ?? null) : null);
  const subscription = object.subscription ?? object.parent?.subscription_details?.subscription;
  return {
    id,
    type,
    occurredAtMs: created * 1000,
    customerId: own('customer') ?? idOf(object.customer),
    subscriptionId: own('subscription') ?? idOf(subscription),
    invoiceId: own('invoice') ?? idOf(object.invoice),
  };
}

/** @throws AppError `billing.bad_signature` when the secret did not sign exactly this body within five minutes */
export async function verifyWebhook(
  secret: string,
  rawBody: string,
  signature: string,
): Promise<ProviderEvent> {
  const Sdk = await loadSdk();
  try {
    return toProviderEvent(await Sdk.webhooks.constructEventAsync(rawBody, signature, secret));
  } catch (cause) {
    throw providerErrors.badSignature({ cause });
  }
}
