import { type Checkout, type CheckoutRequest, type CustomerRequest, providerErrors } from '../index.ts';
import { findChoicePrices } from './catalog.ts';
import { findOrUndefined, type PaddleCall, readAll, refusalCode } from './create-paddle-client.ts';
import { customerSchema, idSchema, type PaddlePrice, transactionSchema } from './paddle.schemas.ts';
import { DATA, dataText } from './subscriptions.rules.ts';

const DAY_MS = 86_400_000;

/** The customer with an e-mail address, if it belongs to the organization. */
async function findOwnCustomer(call: PaddleCall, email: string, organizationId: string): Promise<string> {
  const found = await readAll(call, `/customers?email=${encodeURIComponent(email)}`, customerSchema);
  const own = found.find(({ custom_data: data }) => dataText(data, DATA.organization) === organizationId);
  if (own) return own.id;
  // A customer is never shared: at Paddle, credit, payment methods, invoices and the portal belong to the customer.
  throw providerErrors.emailTaken({ detail: 'give another e-mail address for billing' });
}

/** See `PaymentProvider`. An e-mail address belongs to one customer of Paddle, which is also how a repeated request finds it. */
export async function ensureCustomer(
  call: PaddleCall,
  { organizationId, customerId, name, email }: CustomerRequest,
): Promise<string> {
  if (customerId !== null) {
    const found = await findOrUndefined(call(`GET /customers/${customerId}`, customerSchema));
    if (found?.data.status === 'active') return customerId;
  }
  if (email === null)
    throw providerErrors.providerRefused({ detail: 'Paddle needs an e-mail address for billing: give one' });
  const body = { email, name, custom_data: { [DATA.organization]: organizationId } };
  try {
    return (await call('POST /customers', idSchema, body)).data.id;
  } catch (error) {
    if (refusalCode(error) !== 'customer_already_exists') throw error;
    return findOwnCustomer(call, email, organizationId);
  }
}

async function findDiscount(call: PaddleCall, code: string): Promise<string> {
  const found = await readAll(call, `/discounts?status=active&code=${encodeURIComponent(code)}`, idSchema);
  const [discount] = found;
  if (!discount) throw providerErrors.promotionCodeInvalid();
  return discount.id;
}

/** A trial belongs to a price at Paddle, so a checkout with one has a price of its own. */
function itemOf(price: PaddlePrice, quantity: number, { trialDays }: CheckoutRequest) {
  if (trialDays === 0) return { price_id: price.id, quantity };
  const { unit_price: unit } = price;
  const own = {
    product_id: price.product_id,
    description: price.description,
    name: price.name,
    unit_price: { amount: String(unit.amount), currency_code: unit.currency_code },
    billing_cycle: price.billing_cycle,
    trial_period: { interval: 'day', frequency: trialDays },
    tax_mode: 'external',
    quantity: price.quantity,
    custom_data: price.custom_data,
  };
  return { price: own, quantity };
}

async function itemsOf(call: PaddleCall, request: CheckoutRequest) {
  const { plan, seat } = await findChoicePrices(call, request.choice);
  return [itemOf(plan, 1, request), ...(seat ? [itemOf(seat, request.choice.seats, request)] : [])];
}

/** See `PaymentProvider`. Requests with the same key find the transaction of the first one. */
export async function startCheckout(call: PaddleCall, request: CheckoutRequest): Promise<Checkout> {
  const { customerId, organizationId, promotionCode, returnUrl, cancelUrl, key } = request;
  const begun = await readAll(
    call,
    `/transactions?customer_id=${customerId}&per_page=200`,
    transactionSchema,
  );
  const known = begun.find(({ custom_data: data }) => dataText(data, DATA.request) === key);
  const body = async () => ({
    items: await itemsOf(call, request),
    customer_id: customerId,
    ...(promotionCode === undefined ? {} : { discount_id: await findDiscount(call, promotionCode) }),
    custom_data: {
      [DATA.organization]: organizationId,
      [DATA.request]: key,
      return_url: returnUrl,
      cancel_url: cancelUrl,
    },
  });
  const transaction = known ?? (await call('POST /transactions', transactionSchema, await body())).data;
  const url = transaction.checkout?.url ?? null;
  if (url === null || !isOpen(transaction))
    throw providerErrors.providerRefused({ detail: 'the checkout is no longer open' });
  // Checkouts do not expire at Paddle; starting the next one ends this one.
  return { id: transaction.id, url, expiresAtMs: transaction.created_at + DAY_MS };
}

const isOpen = ({ status }: { status: string }) => status === 'draft' || status === 'ready';

/** @returns whether it was still open; one that Paddle does not know, as after a change of the account, is not */
export async function expireCheckout(call: PaddleCall, id: string): Promise<boolean> {
  const found = await findOrUndefined(call(`GET /transactions/${id}`, transactionSchema));
  if (!found || !isOpen(found.data)) return false;
  await call(`PATCH /transactions/${id}`, idSchema, { status: 'canceled' });
  return true;
}
