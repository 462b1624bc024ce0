import { randomUUID } from 'node:crypto';
import type { Account } from '../account/account.ts';
import type { Card, PaymentAttempt, Transaction } from '../account/stored.ts';
import { moveCredit } from '../customers/balance.ts';
import { paymentError } from '../customers/cards.ts';
import { paymentFailed, paymentSucceeded } from '../subscriptions/after-payment.ts';

const DAY = 86_400;

/** The card that pays. */
export interface Payer {
  card: Card;
  number: string;
  /** The saved card; null while it is not saved. */
  method: string | null;
  /** The customer is there. */
  isOnPage: boolean;
}

/** The saved card of a subscription; undefined when it has none. */
export function payerOf(account: Account, method: string | null): Payer | undefined {
  const row = method === null ? undefined : account.store.find(method);
  if (row?.object !== 'payment_method') return undefined;
  return { card: row.card, number: row.own.number, method: row.id, isOnPage: false };
}

function attemptOf(account: Account, transaction: Transaction, payer: Payer | undefined): PaymentAttempt {
  const now = account.nowIso();
  const error = payer
    ? paymentError(payer.number, payer.card, account.now(), payer.isOnPage)
    : 'invalid_payment_details';
  return {
    payment_attempt_id: randomUUID(),
    stored_payment_method_id: randomUUID(),
    payment_method_id: payer?.method ?? null,
    amount: transaction.details.totals.grand_total,
    status: error === null ? 'captured' : 'error',
    error_code: error,
    method_details: payer ? { type: 'card', card: payer.card } : null,
    created_at: now,
    captured_at: error === null ? now : null,
  };
}

/** Moves the amount that the transaction takes from the customer's credit, or adds to it. */
function settleCredit(
  account: Account,
  { customer_id: customer, currency_code: currency, details }: Transaction,
) {
  const taken = Number(details.totals.credit);
  const added = Number(details.totals.credit_to_balance);
  if (customer !== null && (taken > 0 || added > 0))
    moveCredit(account, customer, currency, { taken, added });
}

/** Completes a transaction: its lines are paid for, and its subscription is no longer in arrears. */
function complete(account: Account, id: string, payments: PaymentAttempt[]): Transaction {
  const before = account.store.get('transaction', id);
  settleCredit(account, before);
  const invoice =
    before.invoice_number === null
      ? {
          billed_at: account.nowIso(),
          invoice_number: account.nextInvoiceNumber(),
          invoice_id: account.newId('inv'),
        }
      : {};
  account.update('transaction', id, { ...invoice, status: 'paid', payments }, 'paid');
  const { details, own } = account.store.get('transaction', id);
  return account.update(
    'transaction',
    id,
    {
      status: 'completed',
      details: { ...details, totals: { ...details.totals, balance: '0' } },
      own: { ...own, nextAttemptAt: null },
    },
    'completed',
  );
}

/**
 * Collects a transaction once.
 * @returns why it failed, or null when it is completed
 */
export function collect(account: Account, id: string, payer: Payer | undefined): string | null {
  const transaction = account.store.get('transaction', id);
  if (transaction.details.totals.grand_total === '0') {
    complete(account, id, transaction.payments);
    return null;
  }
  const attempt = attemptOf(account, transaction, payer);
  const payments = [attempt, ...transaction.payments];
  if (attempt.error_code === null) complete(account, id, payments);
  else account.update('transaction', id, { payments }, 'payment_failed');
  return attempt.error_code;
}

/** A payment of a subscription failed: it is tried again, or given up. */
export function recordFailure(account: Account, id: string): void {
  const { own, subscription_id: subscription } = account.store.get('transaction', id);
  const days = account.settings.retryAfterDays[own.failures];
  const nextAttemptAt = days === undefined ? null : account.now() + days * DAY;
  account.update(
    'transaction',
    id,
    { status: 'past_due', own: { ...own, failures: own.failures + 1, nextAttemptAt } },
    'past_due',
  );
  if (subscription !== null) paymentFailed(account, subscription, nextAttemptAt === null);
}

/** Collects the bill of a subscription from its saved card. */
export function collectFromSaved(account: Account, id: string): string | null {
  const { subscription_id: subscription } = account.store.get('transaction', id);
  const method = subscription === null ? null : account.store.get('subscription', subscription).own.method;
  const error = collect(account, id, payerOf(account, method));
  if (error !== null) recordFailure(account, id);
  return error;
}

/** A retry that has become due, or that the customer makes with another card. */
export function collectAgain(account: Account, id: string): void {
  const error = collectFromSaved(account, id);
  const { subscription_id: subscription } = account.store.get('transaction', id);
  if (error === null && subscription !== null) paymentSucceeded(account, subscription);
}
