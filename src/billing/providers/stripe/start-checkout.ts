import type { Stripe } from 'stripe';
import { INCLUDED_METERS } from '../../../identity/entitlements/index.ts';
import {
  type Checkout,
  type CheckoutRequest,
  type CustomerRequest,
  overagePriceKey,
  type PlanChoice,
  planPriceKey,
  providerErrors,
  seatPriceKey,
  withoutPrice,
} from '../index.ts';
import { isMissing, type StripeCall } from './create-stripe-client.ts';
import { readPrices } from './ensure-catalog.ts';
import { runChange } from './run-change.ts';

/** The key of the organization's id in the metadata of Stripe's objects. */
const ORGANIZATION_KEY = 'auralink_organization';

/**
 * The prices of a subscription; the price of a seat only for a choice with seats.
 * @throws AppError `billing.provider_unavailable` without a catalogue
 */
export async function findPrices(
  call: StripeCall,
  choice: PlanChoice,
): Promise<{ plan: string; seat: string | undefined; overage: Stripe.Price[] }> {
  const { interval, planVersion, seats } = choice;
  const keys = [
    planPriceKey(choice),
    ...(seats > 0 ? [seatPriceKey(choice)] : []),
    ...INCLUDED_METERS.map((meter) => overagePriceKey(meter, interval, planVersion)),
  ];
  const found = await readPrices(call, keys);
  const missing = keys.filter((key) => !found.has(key));
  if (missing.length > 0) throw withoutPrice('Stripe', missing);
  const [plan, ...others] = keys.map((key) => found.get(key)!);
  return { plan: plan!.id, seat: seats > 0 ? others.shift()!.id : undefined, overage: others };
}

async function findPromotionCode(call: StripeCall, code: string): Promise<string> {
  const { data } = await call((sdk) => sdk.promotionCodes.list({ code, active: true, limit: 1 }));
  const [found] = data;
  if (!found) throw providerErrors.promotionCodeInvalid();
  return found.id;
}

/** @returns undefined when Stripe has no such object */
async function findOrUndefined<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** @returns undefined when Stripe has no such customer, or has deleted it */
async function readCustomer(call: StripeCall, id: string): Promise<Stripe.Customer | undefined> {
  const customer = await findOrUndefined(call((sdk) => sdk.customers.retrieve(id)));
  return customer?.deleted ? undefined : customer;
}

/** See `PaymentProvider`. The key is the same for each first customer of an organization, so that there is only one. */
export async function ensureCustomer(
  call: StripeCall,
  { organizationId, customerId, name, email }: CustomerRequest,
): Promise<string> {
  if (customerId !== null && (await readCustomer(call, customerId))) return customerId;
  const key = `customer/${organizationId}/${customerId ?? 'first'}`;
  const metadata = { [ORGANIZATION_KEY]: organizationId };
  // A customer from a failed request has no address and no subscription, so it does no harm.
  const { id } = await runChange(key, (idempotencyKey) =>
    call((sdk) => sdk.customers.create({ metadata }, { idempotencyKey })),
  );
  const details = { name, ...(email === null ? {} : { email }) };
  await call((sdk) => sdk.customers.update(id, details));
  return id;
}

/** Starts a checkout of a plan and seats with the prices of usage beyond it. See `PaymentProvider`. */
export async function startCheckout(call: StripeCall, request: CheckoutRequest): Promise<Checkout> {
  const { customerId, organizationId, choice, trialDays, promotionCode, returnUrl, cancelUrl, key } = request;
  const { plan, seat, overage } = await findPrices(call, choice);
  const discount = promotionCode === undefined ? undefined : await findPromotionCode(call, promotionCode);
  const metadata = { [ORGANIZATION_KEY]: organizationId };
  const params: Stripe.Checkout.SessionCreateParams = {
    mode: 'subscription',
    customer: customerId,
    client_reference_id: organizationId,
    line_items: [
      { price: plan, quantity: 1 },
      ...(seat === undefined ? [] : [{ price: seat, quantity: choice.seats }]),
      ...overage.map(({ id }) => ({ price: id })),
    ],
    success_url: returnUrl,
    cancel_url: cancelUrl,
    payment_method_collection: 'always',
    automatic_tax: { enabled: true },
    tax_id_collection: { enabled: true },
    customer_update: { address: 'auto', name: 'auto' },
    metadata,
    subscription_data: { metadata, ...(trialDays > 0 ? { trial_period_days: trialDays } : {}) },
    // Stripe accepts either a given discount, or the field in which customers enter theirs.
    ...(discount === undefined
      ? { allow_promotion_codes: true }
      : { discounts: [{ promotion_code: discount }] }),
  };
  // The address of a checkout from a failed request was never returned, so it cannot be completed.
  const session = await runChange(key, (idempotencyKey) =>
    call((sdk) => sdk.checkout.sessions.create(params, { idempotencyKey })),
  );
  if (session.url === null)
    throw providerErrors.providerRefused({ detail: 'the checkout is no longer open' });
  return { id: session.id, url: session.url, expiresAtMs: session.expires_at * 1000 };
}

/** @returns whether it was still open; one that Stripe does not know, as after a change of the account, is not */
export const expireCheckout = (call: StripeCall, id: string): Promise<boolean> =>
  runChange(`expire/${id}`, async (idempotencyKey, isFirst) => {
    const session = await findOrUndefined(call((sdk) => sdk.checkout.sessions.retrieve(id)));
    // A checkout that a failed request has ended was open before.
    if (session?.status !== 'open') return !isFirst && session?.status === 'expired';
    await call((sdk) => sdk.checkout.sessions.expire(id, {}, { idempotencyKey }));
    return true;
  });
