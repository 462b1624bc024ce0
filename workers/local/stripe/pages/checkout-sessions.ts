import { z } from '@hono/zod-openapi';
import type { Account } from '../account/account.ts';
import type { Session } from '../account/stored.ts';
import { amountOf } from '../catalog/amounts.ts';
import { StripeFailure } from '../http/errors.ts';
import { listOf, pageOf } from '../http/lists.ts';
import { clearable, listShape, mergeMetadata, text } from '../http/params.ts';
import { route } from '../http/router.ts';
import { type NewSession, newSessionShape } from './checkout-sessions.params.ts';

const DAY = 86_400;

const NOTHING = {
  object: 'checkout.session',
  adaptive_pricing: null,
  after_expiration: null,
  allowed_payment_method_types: null,
  billing_address_collection: 'auto',
  client_secret: null,
  collected_information: null,
  consent: null,
  consent_collection: null,
  currency_conversion: null,
  custom_fields: [],
  custom_text: {
    after_submit: null,
    shipping_address: null,
    submit: null,
    terms_of_service_acceptance: null,
  },
  customer_account: null,
  customer_details: null,
  integration_identifier: null,
  invoice: null,
  invoice_creation: null,
  livemode: false,
  managed_payments: null,
  origin_context: null,
  payment_intent: null,
  payment_link: null,
  payment_method_configuration_details: null,
  payment_method_options: null,
  payment_method_types: ['card'],
  payment_status: 'unpaid',
  permissions: null,
  phone_number_collection: { enabled: false },
  recovered_from: null,
  saved_payment_method_options: null,
  setup_intent: null,
  shipping_address_collection: null,
  shipping_cost: null,
  shipping_options: [],
  status: 'open',
  submit_type: null,
  subscription: null,
  total_details: null,
  ui_mode: 'hosted_page',
  wallet_options: null,
} satisfies Partial<Session>;

type LineItem = NonNullable<Session['line_items']>['data'][number];

/** A line to be bought: licensed units, or a metered price whose usage is billed later. */
function lineItem(
  account: Account,
  { price: id, quantity = 1 }: { price: string; quantity?: number },
): LineItem {
  const price = account.store.get('price', id, 'line_items[0][price]');
  const isMetered = price.recurring?.usage_type === 'metered';
  const amount = isMetered ? 0 : amountOf(price, quantity);
  return {
    id: account.store.newId('li'),
    object: 'item',
    adjustable_quantity: null,
    amount_discount: 0,
    amount_subtotal: amount,
    amount_tax: 0,
    amount_total: amount,
    currency: price.currency,
    description: account.store.get('product', price.product).name,
    metadata: null,
    price,
    quantity: isMetered ? null : quantity,
  };
}

/** The request that created the session. */
export const requestOf = (account: Account, session: string): NewSession =>
  account.store.get('stand_in.checkout_request', `request_of_${session}`).request as NewSession;

function checkSession(account: Account, params: NewSession): void {
  if ((params.mode === 'subscription') !== (params.line_items !== undefined))
    throw StripeFailure.invalid('`line_items` belong to the mode subscription.', 'line_items');
  if (params.customer !== undefined && params.customer_email !== undefined)
    throw StripeFailure.invalid('Only one of customer and customer_email may be given.', 'customer_email');
  if (params.customer !== undefined) account.store.get('customer', params.customer, 'customer');
}

const taxFields = ({ automatic_tax: tax, tax_id_collection: ids }: NewSession) =>
  ({
    automatic_tax: { enabled: tax?.enabled ?? false, liability: null, provider: null, status: null },
    tax_id_collection: { enabled: ids?.enabled ?? false, required: 'never' },
  }) satisfies Partial<Session>;

function createSession(account: Account, params: NewSession): Session {
  checkSession(account, params);
  const id = account.store.newId('cs_test');
  const items = (params.line_items ?? []).map((item) => lineItem(account, item));
  const total = items.reduce((sum, item) => sum + item.amount_total, 0);
  const created = account.now();
  account.store.put({ id: `request_of_${id}`, object: 'stand_in.checkout_request', request: params });
  return account.create<Session>(
    {
      ...NOTHING,
      id,
      allow_promotion_codes: params.allow_promotion_codes ?? null,
      amount_subtotal: total,
      amount_total: total,
      ...taxFields(params),
      cancel_url: params.cancel_url ?? null,
      client_reference_id: params.client_reference_id ?? null,
      created,
      currency: items[0]?.currency ?? null,
      customer: params.customer ?? null,
      customer_creation: params.customer === undefined ? 'always' : null,
      customer_email: params.customer_email ?? null,
      discounts: null,
      expires_at: params.expires_at ?? created + DAY,
      line_items: listOf(items, `/v1/checkout/sessions/${id}/line_items`),
      locale: params.locale ?? null,
      metadata: mergeMetadata({}, params.metadata),
      mode: params.mode,
      payment_method_collection: params.payment_method_collection ?? 'always',
      success_url: params.success_url,
      url: `${account.url}/checkout/${id}`,
    },
    null,
  );
}

function expireSession(account: Account, id: string): Session {
  if (account.store.get('checkout.session', id).status !== 'open')
    throw StripeFailure.invalid('Only Checkout Sessions with a status of `open` can be expired.', 'id');
  return account.update('checkout.session', id, { status: 'expired', url: null }, 'expired');
}

const filters = {
  customer: text.optional(),
  status: z.enum(['complete', 'expired', 'open']).optional(),
  subscription: clearable(text).optional(),
};

export const checkoutRoutes = [
  route('POST /v1/checkout/sessions', newSessionShape, ({ account, params }) =>
    createSession(account, params),
  ),
  route('GET /v1/checkout/sessions', { ...listShape, ...filters }, ({ account, params, path }) => {
    const rows = account.store
      .all('checkout.session')
      .filter((each) => params.customer === undefined || each.customer === params.customer)
      .filter((each) => params.subscription === undefined || each.subscription === params.subscription)
      .filter((each) => each.status === (params.status ?? each.status));
    return pageOf(rows.toReversed(), path, params);
  }),
  route('GET /v1/checkout/sessions/:id', {}, ({ account, ids: [id = ''] }) =>
    account.store.get('checkout.session', id),
  ),
  route('GET /v1/checkout/sessions/:id/line_items', listShape, ({ account, params, ids: [id = ''], path }) =>
    pageOf(account.store.get('checkout.session', id).line_items?.data ?? [], path, params),
  ),
  route('POST /v1/checkout/sessions/:id/expire', {}, ({ account, ids: [id = ''] }) =>
    expireSession(account, id),
  ),
];
