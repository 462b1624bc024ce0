import type { IncludedMeter } from '../../../identity/entitlements/index.ts';
import { fromMinorUnits, type Micros } from '../../../kernel/money/index.ts';
import type { ProviderCreditNote, ProviderInvoice, ProviderInvoiceLine, ProviderRefund } from '../index.ts';
import type { PaddleAdjustment, PaddleLine, PaddlePrice, PaddleTransaction } from './paddle.schemas.ts';
import { meterOfPrice } from './subscriptions.rules.ts';

/** Minor units as micro-units. */
export const microsOf =
  (currency: string) =>
  (amount: bigint): Micros =>
    fromMinorUnits(amount, currency).amountMicros;

interface Span {
  starts_at: number;
  ends_at: number;
}

export function toLine(
  line: PaddleLine,
  { currency, span, meter }: { currency: string; span: Span; meter: IncludedMeter | null },
): ProviderInvoiceLine {
  const { quantity, totals, proration, product } = line;
  const micros = microsOf(currency);
  const own = proration?.billing_period ?? span;
  return {
    description: quantity < 0 ? `Unused time of ${product.name}` : product.name,
    quantity,
    amount: micros(totals.subtotal),
    discount: micros(totals.discount),
    tax: micros(totals.tax),
    periodStartsAtMs: own.starts_at,
    periodEndsAtMs: own.ends_at,
    isProration: Boolean(proration),
    meter,
  };
}

/** Totals of Paddle in the terms of the port. Lines with a negative sum become credit. */
export function toAmounts({ totals }: PaddleTransaction['details'], isPaid: boolean) {
  const micros = microsOf(totals.currency_code);
  const due = micros(totals.grand_total);
  return {
    subtotal: micros(totals.subtotal),
    discount: micros(totals.discount),
    tax: micros(totals.tax),
    total: micros(totals.total),
    fromBalance: micros(totals.credit - totals.credit_to_balance),
    creditedBeforePayment: 0n,
    due,
    paid: isPaid ? due : 0n,
    remaining: isPaid ? 0n : due,
  };
}

const STATUSES: Readonly<Record<string, ProviderInvoice['status']>> = {
  billed: 'open',
  past_due: 'open',
  paid: 'paid',
  completed: 'paid',
  canceled: 'void',
};

const isCounted = ({ status, action }: PaddleAdjustment) => action === 'refund' && status !== 'rejected';

/** The amount refunded to the card, which first waits for Paddle's approval. */
export const toRefunds = (adjustments: readonly PaddleAdjustment[]): ProviderRefund[] =>
  adjustments.filter(isCounted).map(({ id, totals, currency_code: currency, status, created_at: at }) => ({
    id,
    amount: microsOf(currency)(totals.total),
    isComplete: status === 'approved',
    createdAtMs: at,
  }));

/** Paddle keeps one text with an adjustment: the memo, and the key of the request behind it. */
export const toReason = (memo: string, key: string): string => `${memo} [${key}]`;

export const keyOfReason = (reason: string): string | null => / \[([^\]]+)\]$/.exec(reason)?.[1] ?? null;

export const toCreditNotes = (adjustments: readonly PaddleAdjustment[]): ProviderCreditNote[] =>
  adjustments.filter(isCounted).map(({ id, totals, currency_code: currency, reason, created_at: at }) => {
    const amount = microsOf(currency)(totals.total);
    return {
      id,
      number: id,
      amount,
      // Also while it waits for approval, like `toRefunds`: otherwise it would count as a refund without a credit note.
      refunded: amount,
      reason: null,
      memo: reason.replace(/ \[[^\]]+\]$/, ''),
      key: keyOfReason(reason),
      createdAtMs: at,
    };
  });

/** A transaction that was billed, as an invoice. */
export function toProviderInvoice(
  transaction: PaddleTransaction,
  adjustments: readonly PaddleAdjustment[],
  pdfUrl: string | null,
): ProviderInvoice {
  const { details, created_at: createdAtMs, billing_period: period, currency_code: currency } = transaction;
  const status = STATUSES[transaction.status] ?? 'draft';
  const issuedAtMs = transaction.billed_at ?? createdAtMs;
  const span = period ?? { starts_at: issuedAtMs, ends_at: issuedAtMs };
  const prices = new Map<string, PaddlePrice>();
  for (const { price } of transaction.items) if (price) prices.set(price.id, price);
  const refunded = toRefunds(adjustments).reduce((sum, { amount }) => sum + amount, 0n);
  const captured = transaction.payments.find((payment) => payment.captured_at);
  return {
    ...toAmounts(details, status === 'paid'),
    id: transaction.id,
    number: transaction.invoice_number ?? null,
    customerId: transaction.customer_id ?? '',
    subscriptionId: transaction.subscription_id ?? null,
    status,
    currency,
    creditedAfterPayment: refunded,
    lines: details.line_items.map((line) =>
      toLine(line, { currency, span, meter: meterOfPrice(prices.get(line.price_id)) }),
    ),
    createdAtMs,
    issuedAtMs,
    dueAtMs: issuedAtMs,
    paidAtMs: status === 'paid' ? (captured?.captured_at ?? issuedAtMs) : null,
    attempts: transaction.payments.length,
    // Paddle does not say when it tries again.
    nextAttemptAtMs: null,
    pageUrl: null,
    pdfUrl,
  };
}
