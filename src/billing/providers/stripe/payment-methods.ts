import type { Stripe } from 'stripe';
import type { ProviderPaymentMethod } from '../index.ts';
import type { StripeCall } from './create-stripe-client.ts';
import { idOf } from './subscriptions.rules.ts';

const MOST = 100;

/** The payment method of the customer's subscriptions: their own one before that of the customer. */
async function defaultMethod(call: StripeCall, customerId: string): Promise<string | null> {
  const customer = await call((sdk) => sdk.customers.retrieve(customerId));
  if (customer.deleted === true) return null;
  const { data } = await call((sdk) => sdk.subscriptions.list({ customer: customerId, limit: 1 }));
  const ofCustomer = idOf(customer.invoice_settings.default_payment_method);
  return idOf(data[0]?.default_payment_method) ?? ofCustomer;
}

function toPaymentMethod(method: Stripe.PaymentMethod, chosen: string | null): ProviderPaymentMethod {
  const { id, type, card } = method;
  return {
    id,
    kind: type,
    brand: card?.brand ?? null,
    last4: card?.last4 ?? null,
    expiryMonth: card?.exp_month ?? null,
    expiryYear: card?.exp_year ?? null,
    isDefault: id === chosen,
  };
}

export async function listPaymentMethods(
  call: StripeCall,
  customer: string,
): Promise<ProviderPaymentMethod[]> {
  const chosen = await defaultMethod(call, customer);
  const { data } = await call((sdk) => sdk.customers.listPaymentMethods(customer, { limit: MOST }));
  return data.map((method) => toPaymentMethod(method, chosen));
}

/** The default of the customer, and of each subscription that names its own method. */
export async function setDefaultPaymentMethod(
  call: StripeCall,
  customer: string,
  method: string,
): Promise<void> {
  await call((sdk) =>
    sdk.customers.update(customer, { invoice_settings: { default_payment_method: method } }),
  );
  const { data } = await call((sdk) => sdk.subscriptions.list({ customer, limit: MOST }));
  for (const { id, default_payment_method: own } of data)
    if (own !== null && idOf(own) !== method)
      await call((sdk) => sdk.subscriptions.update(id, { default_payment_method: method }));
}

export async function removePaymentMethod(call: StripeCall, method: string): Promise<void> {
  await call((sdk) => sdk.paymentMethods.detach(method));
}
