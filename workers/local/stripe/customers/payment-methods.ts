import { z } from '@hono/zod-openapi';
import type { Account } from '../account/account.ts';
import type { Rows } from '../account/stored.ts';
import { StripeFailure } from '../http/errors.ts';
import { pageOf } from '../http/lists.ts';
import { addressParam, int, listShape, mergeMetadata, metadata, text } from '../http/params.ts';
import { route } from '../http/router.ts';
import { cardBehaviour, numberOfToken } from './cards.ts';

type PaymentMethod = Rows['payment_method'];

export interface CardDetails {
  number: string;
  exp_month: number;
  exp_year: number;
}

const EMPTY_ADDRESS = { city: null, country: null, line1: null, line2: null, postal_code: null, state: null };

function cardOf({ number, exp_month, exp_year }: CardDetails): NonNullable<PaymentMethod['card']> {
  const { brand } = cardBehaviour(number);
  return {
    brand,
    checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
    country: 'US',
    display_brand: brand,
    exp_month,
    exp_year,
    fingerprint: Buffer.from(number).toString('base64url').slice(0, 16),
    funding: 'credit',
    generated_from: null,
    last4: number.slice(-4),
    networks: { available: [brand], preferred: null },
    regulated_status: 'unregulated',
    three_d_secure_usage: { supported: true },
    wallet: null,
  };
}

/** Stores a card without a customer. */
export function createCard(account: Account, card: CardDetails): PaymentMethod {
  const id = account.store.newId('pm');
  account.store.put({ id: `card_of_${id}`, object: 'stand_in.card', number: card.number });
  return account.create<PaymentMethod>(
    {
      id,
      object: 'payment_method',
      allow_redisplay: 'unspecified',
      billing_details: { address: EMPTY_ADDRESS, email: null, name: null, phone: null, tax_id: null },
      card: cardOf(card),
      created: account.now(),
      customer: null,
      customer_account: null,
      livemode: false,
      metadata: {},
      type: 'card',
    },
    null,
  );
}

export const numberOf = (account: Account, method: string): string =>
  account.store.get('stand_in.card', `card_of_${method}`).number;

/** A test card of the real API by its name, valid for years; the present decides what is years away. */
function createTestCard(account: Account, name: string, param: string): PaymentMethod {
  const number = numberOfToken(name);
  if (number === undefined) throw StripeFailure.missing('PaymentMethod', name, param);
  const exp_year = new Date(account.now() * 1000).getUTCFullYear() + 10;
  return createCard(account, { number, exp_month: 12, exp_year });
}

/**
 * Saves a card for a customer. `pm_card_visa` and its like make a new one each time.
 * @throws StripeFailure 402 when the card is declined
 */
export function attachMethod(account: Account, id: string, customer: string): PaymentMethod {
  account.store.get('customer', customer, 'customer');
  const method =
    numberOfToken(id) === undefined
      ? account.store.get('payment_method', id)
      : createTestCard(account, id, 'id');
  if (method.customer !== null && method.customer !== customer)
    throw StripeFailure.invalid('The payment method is already attached to another customer.', 'customer');
  const declined = cardBehaviour(numberOf(account, method.id)).atAttach;
  if (declined) throw StripeFailure.declined(declined, false);
  return account.update('payment_method', method.id, { customer }, 'attached');
}

/** A saved card by its id, or a test card that is saved now. */
export function ensureMethod(account: Account, id: string, customer: string, param: string): string {
  if (numberOfToken(id) !== undefined) return attachMethod(account, id, customer).id;
  if (account.store.get('payment_method', id, param).customer !== customer)
    throw StripeFailure.invalid('The payment method is not attached to the customer.', param);
  return id;
}

function detachMethod(account: Account, id: string): PaymentMethod {
  const { customer } = account.store.get('payment_method', id);
  if (customer === null)
    throw StripeFailure.invalid('The payment method is not attached to a customer.', 'id');
  const owner = account.store.get('customer', customer);
  if (owner.invoice_settings.default_payment_method === id)
    account.update('customer', owner.id, {
      invoice_settings: { ...owner.invoice_settings, default_payment_method: null },
    });
  for (const each of account.store.all('subscription'))
    if (each.default_payment_method === id)
      account.update('subscription', each.id, { default_payment_method: null });
  return account.update('payment_method', id, { customer: null }, 'detached');
}

const cardParam = z.union([
  z.strictObject({ token: text }),
  z.strictObject({ number: text, exp_month: int, exp_year: int, cvc: text.optional() }),
]);
const listMethods = { ...listShape, type: text.optional() };

const methodsOf = (account: Account, customer: string | undefined) =>
  account.store
    .all('payment_method')
    .filter((each) => each.customer === customer)
    .toReversed();

export const paymentMethodRoutes = [
  route(
    'POST /v1/payment_methods',
    { type: z.literal('card'), card: cardParam },
    ({ account, params: { card } }) =>
      'token' in card ? createTestCard(account, card.token, 'card[token]') : createCard(account, card),
  ),
  route('GET /v1/payment_methods', { ...listMethods, customer: text }, ({ account, params, path }) =>
    pageOf(methodsOf(account, params.customer), path, params),
  ),
  route('GET /v1/customers/:id/payment_methods', listMethods, ({ account, params, ids: [id], path }) =>
    pageOf(methodsOf(account, id), path, params),
  ),
  route('GET /v1/payment_methods/:id', {}, ({ account, ids: [id = ''] }) =>
    account.store.get('payment_method', id),
  ),
  route(
    'POST /v1/payment_methods/:id',
    {
      metadata: metadata.optional(),
      billing_details: z
        .strictObject({ name: text.optional(), email: text.optional(), address: addressParam.optional() })
        .optional(),
    },
    ({ account, params, ids: [id = ''] }) => {
      const existing = account.store.get('payment_method', id);
      const { address, ...details } = params.billing_details ?? {};
      return account.update('payment_method', id, {
        metadata: mergeMetadata(existing.metadata, params.metadata),
        billing_details: {
          ...existing.billing_details,
          ...details,
          ...(address ? { address: { ...EMPTY_ADDRESS, ...address } } : {}),
        },
      });
    },
  ),
  route('POST /v1/payment_methods/:id/attach', { customer: text }, ({ account, params, ids: [id = ''] }) =>
    attachMethod(account, id, params.customer),
  ),
  route('POST /v1/payment_methods/:id/detach', {}, ({ account, ids: [id = ''] }) =>
    detachMethod(account, id),
  ),
];
