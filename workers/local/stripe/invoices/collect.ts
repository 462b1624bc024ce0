import type { Account } from '../account/account.ts';
import type { Invoice } from '../account/stored.ts';
import type { Decline } from '../customers/cards.ts';
import { blankIntent, charge, type PaymentIntent } from '../payments/charge.ts';
import { paymentFailed, paymentSucceeded } from '../subscriptions/after-payment.ts';
import { subscriptionOf } from './blank.ts';

type Payment = NonNullable<Invoice['payments']>['data'][number];

const DAY = 86_400;

function intentOf(invoice: Invoice): string | null {
  return invoice.payments?.data[0]?.payment.payment_intent ?? null;
}

function withPayment(
  account: Account,
  invoice: Invoice,
  intent: PaymentIntent,
): Pick<Invoice, 'payments' | 'confirmation_secret'> {
  const isPaid = intent.status === 'succeeded';
  const now = account.nowOf(invoice.customer as string);
  const payment: Payment = {
    id: invoice.payments?.data[0]?.id ?? account.store.newId('inpay'),
    object: 'invoice_payment',
    amount_paid: isPaid ? intent.amount : null,
    amount_requested: intent.amount,
    created: invoice.payments?.data[0]?.created ?? now,
    currency: invoice.currency,
    invoice: invoice.id,
    is_default: true,
    livemode: false,
    payment: { type: 'payment_intent', payment_intent: intent.id },
    status: isPaid ? 'paid' : 'open',
    status_transitions: { canceled_at: null, paid_at: isPaid ? now : null },
  };
  return {
    payments: {
      object: 'list',
      data: [payment],
      has_more: false,
      url: `/v1/invoice_payments?invoice=${invoice.id}`,
    },
    confirmation_secret: { client_secret: intent.client_secret ?? '', type: 'payment_intent' },
  };
}

/** Marks an invoice as paid, with a payment or without one, and activates its subscription. */
export function markPaid(account: Account, id: string, change: Partial<Invoice> = {}): Invoice {
  const invoice = account.store.get('invoice', id);
  const now = account.nowOf(invoice.customer as string);
  const paid = account.update('invoice', id, {
    ...change,
    amount_paid: invoice.amount_due,
    amount_remaining: 0,
    attempted: true,
    next_payment_attempt: null,
    status: 'paid',
    status_transitions: { ...invoice.status_transitions, paid_at: now },
  });
  account.announce('paid', paid);
  account.announce('payment_succeeded', paid);
  const subscription = subscriptionOf(paid);
  if (subscription !== null) paymentSucceeded(account, subscription, paid);
  return paid;
}

/** When the next attempt is made after so many: null when there is none. */
function nextAttempt(account: Account, invoice: Invoice, attempts: number): number | null {
  if (invoice.billing_reason === 'subscription_create' || invoice.auto_advance !== true) return null;
  const days = account.settings.retryAfterDays[attempts - 1];
  return days === undefined ? null : account.nowOf(invoice.customer as string) + days * DAY;
}

function recordFailure(
  account: Account,
  invoice: Invoice,
  intent: PaymentIntent,
  isAutomatic: boolean,
): Invoice {
  const counts = isAutomatic || invoice.attempt_count === 0;
  const attempts = invoice.attempt_count + (counts ? 1 : 0);
  const next = counts ? nextAttempt(account, invoice, attempts) : invoice.next_payment_attempt;
  const failed = account.update('invoice', invoice.id, {
    ...withPayment(account, invoice, intent),
    attempt_count: attempts,
    attempted: true,
    next_payment_attempt: next,
  });
  account.announce('payment_failed', failed);
  if (intent.status === 'requires_action') account.announce('payment_action_required', failed);
  const subscription = subscriptionOf(failed);
  if (subscription !== null && counts) paymentFailed(account, subscription, failed);
  return account.store.get('invoice', invoice.id);
}

/** Prepares the payment of an open invoice that the customer makes themselves. */
export function awaitPayment(account: Account, id: string): void {
  const invoice = account.store.get('invoice', id);
  const { amount_remaining: amount, currency } = invoice;
  const intent = account.create(
    blankIntent(account, { customer: invoice.customer as string, amount, currency }),
  );
  account.update('invoice', id, { ...withPayment(account, invoice, intent), next_payment_attempt: null });
}

export interface Collection {
  /** A saved card instead of the default one. */
  method?: string;
  onSession?: boolean;
  /** The schedule makes the attempt, and not somebody. */
  isAutomatic?: boolean;
}

function defaultMethod(account: Account, invoice: Invoice): string | null {
  const subscription = subscriptionOf(invoice);
  const customer = account.store.get('customer', invoice.customer as string);
  const method =
    invoice.default_payment_method ??
    (subscription === null ? null : account.store.get('subscription', subscription).default_payment_method) ??
    customer.invoice_settings.default_payment_method;
  return method;
}

/** Collects an open invoice from a card. A decline is recorded and returned. */
export function collect(
  account: Account,
  id: string,
  how: Collection = {},
): { invoice: Invoice; declined?: Decline } {
  const invoice = account.store.get('invoice', id);
  const { intent, declined } = charge(account, {
    customer: invoice.customer as string,
    amount: invoice.amount_remaining,
    currency: invoice.currency,
    method: how.method ?? defaultMethod(account, invoice),
    intent: intentOf(invoice),
    onSession: how.onSession ?? false,
  });
  if (declined)
    return { invoice: recordFailure(account, invoice, intent, how.isAutomatic ?? false), declined };
  const attempt_count = Math.max(1, invoice.attempt_count + (how.isAutomatic ? 1 : 0));
  return { invoice: markPaid(account, id, { ...withPayment(account, invoice, intent), attempt_count }) };
}
