import type { Stripe } from 'stripe';
import type { ProviderInvoice, ProviderInvoiceRecord, ProviderRefund } from '../index.ts';
import { causeOf, isMissing, type StripeCall } from './create-stripe-client.ts';
import { microsOf, toProviderCreditNote, toProviderInvoice } from './invoices.rules.ts';
import { idOf } from './subscriptions.rules.ts';

const PAGE = 100;
/** More objects than any customer has. */
const MOST = 10_000;

/** An invoice holds its first lines only. */
async function linesOf(call: StripeCall, invoice: Stripe.Invoice): Promise<Stripe.InvoiceLineItem[]> {
  if (!invoice.lines.has_more || invoice.id === undefined) return invoice.lines.data;
  const { id } = invoice;
  return call((sdk) => sdk.invoices.listLineItems(id, { limit: PAGE }).autoPagingToArray({ limit: MOST }));
}

/** Refunds to the card, also those without a credit note. */
async function refundsOf(
  call: StripeCall,
  { id: invoice, currency }: Stripe.Invoice,
): Promise<ProviderRefund[]> {
  if (invoice === undefined) return [];
  const { data: payments } = await call((sdk) => sdk.invoicePayments.list({ invoice, limit: PAGE }));
  const refunds: Stripe.Refund[] = [];
  for (const { payment } of payments) {
    const intent = idOf(payment.payment_intent);
    if (intent === null) continue;
    const list = await call((sdk) =>
      sdk.refunds.list({ payment_intent: intent, limit: PAGE }).autoPagingToArray({ limit: MOST }),
    );
    refunds.push(...list);
  }
  return refunds
    .filter(({ status }) => status !== 'failed' && status !== 'canceled')
    .map(({ id, amount, status, created }) => ({
      id,
      amount: microsOf(currency)(amount),
      isComplete: status === 'succeeded',
      createdAtMs: created * 1000,
    }));
}

export async function readInvoice(call: StripeCall, id: string): Promise<ProviderInvoiceRecord | undefined> {
  try {
    const found = await call((sdk) => sdk.invoices.retrieve(id));
    const hasPayment = found.amount_paid > 0;
    const notes =
      found.status === 'draft'
        ? []
        : await call((sdk) =>
            sdk.creditNotes.list({ invoice: id, limit: PAGE }).autoPagingToArray({ limit: MOST }),
          );
    return {
      invoice: toProviderInvoice(found, await linesOf(call, found)),
      creditNotes: notes.filter(({ status }) => status === 'issued').map(toProviderCreditNote),
      refunds: hasPayment ? await refundsOf(call, found) : [],
    };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

export async function listInvoices(call: StripeCall, customer: string, sinceMs: number): Promise<string[]> {
  const params = { customer, created: { gte: Math.floor(sinceMs / 1000) }, limit: PAGE };
  const list = await call((sdk) => sdk.invoices.list(params).autoPagingToArray({ limit: MOST }));
  return list.flatMap(({ id }) => id ?? []);
}

export async function readUpcomingInvoice(
  call: StripeCall,
  subscription: string,
): Promise<ProviderInvoice | undefined> {
  try {
    const preview = await call((sdk) => sdk.invoices.createPreview({ subscription }));
    return toProviderInvoice(preview, preview.lines.data);
  } catch (error) {
    if (isMissing(error) || causeOf(error).code === 'invoice_upcoming_none') return undefined;
    throw error;
  }
}
