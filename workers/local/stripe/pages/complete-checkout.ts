import type { Account } from '../account/account.ts';
import type { Session } from '../account/stored.ts';
import { sameCode } from '../catalog/coupons.ts';
import { createTaxId } from '../catalog/tax.ts';
import type { DiscountNames } from '../catalog/discounts.ts';
import { createCustomer } from '../customers/customers.ts';
import { attachMethod, type CardDetails, createCard } from '../customers/payment-methods.ts';
import { StripeFailure } from '../http/errors.ts';
import { createSubscription } from '../subscriptions/create.ts';
import type { NewSession } from './checkout-sessions.params.ts';
import { requestOf } from './checkout-sessions.ts';

/** The input of a customer on the page. */
export interface CheckoutInput {
  card: CardDetails;
  email: string;
  name: string;
  country: string;
  promotionCode: string;
  /** Tax id of a business in the European Union. */
  taxId: string;
}

function ensureCustomer(account: Account, session: Session, input: CheckoutInput): string {
  const entered = {
    name: input.name || undefined,
    address: input.country ? { country: input.country } : undefined,
  };
  const { customer } = session;
  if (customer === null)
    return createCustomer(account, { ...entered, email: session.customer_email ?? input.email }).id;
  const existing = account.store.get('customer', customer);
  if (input.country && !existing.address?.country)
    account.update('customer', existing.id, {
      address: {
        city: null,
        line1: null,
        line2: null,
        postal_code: null,
        state: null,
        country: input.country,
      },
    });
  return existing.id;
}

function saveTaxId(account: Account, request: NewSession, customer: string, value: string): void {
  if (request.tax_id_collection?.enabled !== true)
    throw StripeFailure.invalid('This checkout takes no tax id.', 'tax_id');
  createTaxId(account, customer, { type: 'eu_vat', value });
}

function discountsOf(account: Account, request: NewSession, code: string): DiscountNames {
  if (!code) return request.discounts ?? [];
  const found = account.store.all('promotion_code').find((each) => each.active && sameCode(each.code, code));
  if (!found || request.allow_promotion_codes !== true)
    throw StripeFailure.invalid('This code is not valid.', 'code');
  return [{ promotion_code: found.id }];
}

function subscribe(
  account: Account,
  request: NewSession,
  parts: { customer: string; method: string; code: string },
) {
  const { subscription_data: data, line_items: items = [], automatic_tax } = request;
  return createSubscription(
    account,
    {
      automatic_tax,
      customer: parts.customer,
      default_payment_method: parts.method,
      default_tax_rates: data?.default_tax_rates,
      description: data?.description,
      discounts: discountsOf(account, request, parts.code),
      items,
      metadata: data?.metadata,
      payment_behavior: 'error_if_incomplete',
      proration_behavior: 'create_prorations',
      trial_period_days: data?.trial_period_days,
      trial_settings: data?.trial_settings,
    },
    true,
  );
}

function customerDetails(account: Account, id: string): Session['customer_details'] {
  const { email, name, phone, address, tax_exempt } = account.store.get('customer', id);
  return {
    address: address ?? null,
    business_name: null,
    email,
    individual_name: null,
    name: name ?? null,
    phone: phone ?? null,
    tax_exempt: tax_exempt ?? 'none',
    tax_ids: account.store
      .all('tax_id')
      .filter((each) => each.customer === id)
      .map(({ type, value }) => ({ type, value })),
  };
}

/**
 * Completes a checkout as the customer does on its page.
 * @throws StripeFailure when the card is declined or the code is not valid; then nothing has changed
 */
export function completeCheckout(account: Account, id: string, input: CheckoutInput): Session {
  const session = account.store.get('checkout.session', id);
  if (session.status !== 'open') throw StripeFailure.invalid(`This checkout is ${session.status}.`, 'id');
  const request = requestOf(account, id);
  const customer = ensureCustomer(account, session, input);
  if (input.taxId) saveTaxId(account, request, customer, input.taxId);
  const method = attachMethod(account, createCard(account, input.card).id, customer).id;
  const done = {
    customer,
    customer_details: customerDetails(account, customer),
    status: 'complete',
    url: null,
  };
  if (request.mode === 'setup')
    return account.update(
      'checkout.session',
      id,
      { ...done, payment_status: 'no_payment_required' },
      'completed',
    );
  const subscription = subscribe(account, request, { customer, method, code: input.promotionCode });
  const invoice = account.store.get('invoice', subscription.latest_invoice as string);
  const change = {
    ...done,
    amount_subtotal: invoice.subtotal,
    amount_total: invoice.total,
    invoice: invoice.id,
    payment_status: invoice.total === 0 ? 'no_payment_required' : 'paid',
    subscription: subscription.id,
  };
  return account.update('checkout.session', id, change, 'completed');
}
