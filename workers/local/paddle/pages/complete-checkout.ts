import type { Account } from '../account/account.ts';
import type { Transaction } from '../account/stored.ts';
import { discountOfCode } from '../catalog/discounts.ts';
import { createAddress, createBusiness } from '../customers/addresses.ts';
import { paymentError } from '../customers/cards.ts';
import { createCustomer } from '../customers/customers.ts';
import { type CardDetails, saveMethod, toCard } from '../customers/payment-methods.ts';
import { PaddleFailure } from '../http/errors.ts';
import { paymentSucceeded } from '../subscriptions/after-payment.ts';
import { createSubscription } from '../subscriptions/create.ts';
import { collect, type Payer } from '../transactions/collect.ts';
import { completeDraft } from '../transactions/create.ts';

/** The input of a customer on the page. */
export interface CheckoutInput {
  card: CardDetails;
  email: string;
  country: string;
  code: string;
  /** Tax number of a business. */
  taxNumber: string;
}

const messageOf = (error: string) => `The payment failed: ${error.replaceAll('_', ' ')}.`;

function ensureAddress(account: Account, customer: string, country: string): string {
  const existing = account.store.all('address').find((each) => each.customer_id === customer);
  return existing?.id ?? createAddress(account, customer, { country_code: country }).id;
}

/** A business with this tax number. */
function businessOf(account: Account, customer: string, taxNumber: string): string {
  const known = account.store
    .all('business')
    .find((each) => each.customer_id === customer && each.tax_identifier === taxNumber);
  const { name, email } = account.store.get('customer', customer);
  return (known ?? createBusiness(account, customer, { name: name ?? email, tax_identifier: taxNumber })).id;
}

function prepare(account: Account, transaction: Transaction, input: CheckoutInput): Transaction {
  const { id, customer_id: existing, address_id: known } = transaction;
  const customer =
    existing ??
    createCustomer(account, { email: input.email, name: null, locale: 'en', custom_data: null }).id;
  return completeDraft(account, id, {
    customer,
    address: known ?? ensureAddress(account, customer, input.country || 'US'),
    discount: input.code ? discountOfCode(account, input.code).id : null,
    business: input.taxNumber ? businessOf(account, customer, input.taxNumber) : null,
  });
}

function countUse(account: Account, { discount_id: id }: Transaction): void {
  if (id === null) return;
  const { times_used: times } = account.store.get('discount', id);
  account.update('discount', id, { times_used: times + 1 });
}

/** Amounts that wait for a later payment are paid with the new card, which is used from now on. */
function payArrears(
  account: Account,
  transaction: Transaction,
  payer: Payer,
  card: CardDetails,
): string | undefined {
  const { id, subscription_id: subscription, customer_id: customer, address_id: address } = transaction;
  const error = collect(account, id, payer);
  if (error !== null) return messageOf(error);
  if (subscription === null) return undefined;
  const method = saveMethod(account, card, { customer: customer ?? '', address: address ?? '' });
  const { own } = account.store.get('subscription', subscription);
  account.update('subscription', subscription, { own: { ...own, method: method.id } }, null);
  paymentSucceeded(account, subscription);
  return undefined;
}

/**
 * Pays a transaction as the customer does on its page.
 * @returns why the payment failed, which leaves the attempt behind
 * @throws PaddleFailure when it cannot be paid, or the code is not valid; then nothing has changed
 */
export function completeCheckout(account: Account, id: string, input: CheckoutInput): string | undefined {
  const transaction = account.store.get('transaction', id);
  const payer: Payer = { card: toCard(input.card), number: input.card.number, method: null, isOnPage: true };
  if (transaction.status === 'past_due') return payArrears(account, transaction, payer, input.card);
  if (transaction.status !== 'draft' && transaction.status !== 'ready')
    throw new PaddleFailure(400, 'transaction_immutable', `This checkout is ${transaction.status}.`);
  const ready = prepare(account, transaction, input);
  // A card is checked also when a trial begins and nothing is due.
  const isFree = ready.details.totals.grand_total === '0';
  const unusable = isFree ? paymentError(payer.number, payer.card, account.now(), true) : null;
  const error = unusable ?? collect(account, ready.id, payer);
  if (error !== null) return messageOf(error);
  const paid = account.store.get('transaction', id);
  countUse(account, paid);
  const owner = { customer: paid.customer_id ?? '', address: paid.address_id ?? '' };
  createSubscription(account, paid, saveMethod(account, input.card, owner).id);
  return undefined;
}
