import type { Stripe } from 'stripe';
import { INCLUDED_METERS, type IncludedMeter } from '../../../identity/entitlements/index.ts';
import { fromMinorUnits, type Micros } from '../../../kernel/money/index.ts';
import {
  CREDIT_REASONS,
  INVOICE_STATUSES,
  type ProviderCreditNote,
  type ProviderInvoice,
  type ProviderInvoiceLine,
} from '../index.ts';
import { overageProduct } from './catalog.rules.ts';
import { idOf } from './subscriptions.rules.ts';

/** Key in the metadata of a credit note: the key of the request that made it. */
export const CREDIT_KEY = 'auralink_key';

type TaxedPart = { amount: number; tax_behavior: string };

const toMs = (seconds: number | null | undefined) =>
  seconds === null || seconds === undefined ? null : seconds * 1000;
const sum = (parts: readonly { amount: number }[] | null | undefined) =>
  (parts ?? []).reduce((total, { amount }) => total + amount, 0);
const inclusive = (taxes: readonly TaxedPart[] | null | undefined) =>
  sum((taxes ?? []).filter(({ tax_behavior: behavior }) => behavior === 'inclusive'));

/** Amounts of Stripe, in the smallest unit of a currency, as micro-units. */
export const microsOf =
  (currency: string) =>
  (minorUnits: number): Micros =>
    fromMinorUnits(BigInt(minorUnits), currency.toUpperCase()).amountMicros;

function meterOf(line: Stripe.InvoiceLineItem): IncludedMeter | null {
  const product = line.pricing?.price_details?.product;
  return INCLUDED_METERS.find((meter) => overageProduct(meter) === product) ?? null;
}

const isProration = ({ parent }: Stripe.InvoiceLineItem): boolean =>
  parent?.subscription_item_details?.proration ?? parent?.invoice_item_details?.proration ?? false;

function toLine(line: Stripe.InvoiceLineItem): ProviderInvoiceLine {
  const micros = microsOf(line.currency);
  return {
    description: line.description ?? '',
    quantity: line.quantity,
    // Prices of the catalogue are without tax; a line that somebody added at the provider may include it.
    amount: micros(line.amount - inclusive(line.taxes)),
    discount: micros(sum(line.discount_amounts)),
    tax: micros(sum(line.taxes)),
    periodStartsAtMs: line.period.start * 1000,
    periodEndsAtMs: line.period.end * 1000,
    isProration: isProration(line),
    meter: meterOf(line),
  };
}

/** The parts of the amount, in minor units. */
function amountsOf(invoice: Stripe.Invoice) {
  const { starting_balance: before, ending_balance: after, total } = invoice;
  const creditedBeforePayment = invoice.pre_payment_credit_notes_amount;
  return {
    subtotal: invoice.subtotal - inclusive(invoice.total_taxes),
    discount: sum(invoice.total_discount_amounts),
    tax: sum(invoice.total_taxes),
    total,
    // The balance is not applied to a draft yet.
    fromBalance: after === null ? total - creditedBeforePayment - invoice.amount_due : after - before,
    creditedBeforePayment,
    due: invoice.amount_due,
    paid: invoice.amount_paid,
    remaining: invoice.amount_remaining,
    creditedAfterPayment: invoice.post_payment_credit_notes_amount,
  };
}

/** @param lines all of its lines; the invoice itself contains only the first ones */
export function toProviderInvoice(
  invoice: Stripe.Invoice,
  lines: readonly Stripe.InvoiceLineItem[],
): ProviderInvoice {
  const micros = microsOf(invoice.currency);
  const amounts = amountsOf(invoice);
  const { finalized_at: finalizedAt, paid_at: paidAt } = invoice.status_transitions;
  return {
    ...(Object.fromEntries(Object.entries(amounts).map(([name, amount]) => [name, micros(amount)])) as Record<
      keyof typeof amounts,
      Micros
    >),
    id: invoice.id ?? '',
    number: invoice.number,
    customerId: idOf(invoice.customer) ?? '',
    subscriptionId: idOf(invoice.parent?.subscription_details?.subscription),
    // Statuses that a later version of Stripe may add are shown as unfinished.
    status: INVOICE_STATUSES.find((status) => status === invoice.status) ?? 'draft',
    currency: invoice.currency.toUpperCase(),
    lines: lines.map(toLine),
    createdAtMs: invoice.created * 1000,
    issuedAtMs: toMs(finalizedAt),
    dueAtMs: toMs(invoice.due_date),
    paidAtMs: toMs(paidAt),
    attempts: invoice.attempt_count,
    nextAttemptAtMs: toMs(invoice.next_payment_attempt),
    pageUrl: invoice.hosted_invoice_url ?? null,
    pdfUrl: invoice.invoice_pdf ?? null,
  };
}

export function toProviderCreditNote(note: Stripe.CreditNote): ProviderCreditNote {
  const micros = microsOf(note.currency);
  return {
    id: note.id,
    number: note.number,
    amount: micros(note.amount),
    refunded: micros(note.refunds.reduce((total, { amount_refunded: amount }) => total + amount, 0)),
    reason: CREDIT_REASONS.find((reason) => reason === note.reason) ?? null,
    memo: note.memo,
    key: note.metadata?.[CREDIT_KEY] ?? null,
    createdAtMs: note.created * 1000,
  };
}
