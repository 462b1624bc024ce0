import type { ProviderInvoice, ProviderInvoiceRecord } from '../index.ts';
import { findOrUndefined, type PaddleCall, readAll } from './create-paddle-client.ts';
import { toAmounts, toCreditNotes, toLine, toProviderInvoice, toRefunds } from './invoices.rules.ts';
import {
  adjustmentSchema,
  invoiceFileSchema,
  type PaddleAdjustment,
  subscriptionSchema,
  transactionSchema,
} from './paddle.schemas.ts';
import { readPricesOf } from './report-usage.ts';
import { meterOfPrice } from './subscriptions.rules.ts';

export const adjustmentsOf = (call: PaddleCall, transaction: string): Promise<PaddleAdjustment[]> =>
  readAll(call, `/adjustments?per_page=50&transaction_id=${transaction}`, adjustmentSchema);

/** See `ProviderInvoicing`. A transaction is an invoice once it has a number. */
export async function readInvoice(call: PaddleCall, id: string): Promise<ProviderInvoiceRecord | undefined> {
  const found = await findOrUndefined(call(`GET /transactions/${id}`, transactionSchema));
  if (!found?.data.invoice_number) return undefined;
  const adjustments = await adjustmentsOf(call, id);
  const file = await findOrUndefined(
    call(`GET /transactions/${id}/invoice?disposition=inline`, invoiceFileSchema),
  );
  return {
    invoice: toProviderInvoice(found.data, adjustments, file?.data.url ?? null),
    creditNotes: toCreditNotes(adjustments),
    refunds: toRefunds(adjustments),
  };
}

/** See `ProviderInvoicing`. */
export async function listInvoices(call: PaddleCall, customer: string, sinceMs: number): Promise<string[]> {
  const path = `/transactions?per_page=200&customer_id=${customer}` as const;
  const transactions = await readAll(call, path, transactionSchema);
  return transactions
    .filter(({ invoice_number: number, created_at: at }) => number && at >= sinceMs)
    .map(({ id }) => id);
}

/** See `ProviderInvoicing`. */
export async function readUpcomingInvoice(
  call: PaddleCall,
  subscriptionId: string,
): Promise<ProviderInvoice | undefined> {
  const path = `/subscriptions/${subscriptionId}?include=next_transaction` as const;
  const found = await findOrUndefined(call(`GET ${path}`, subscriptionSchema));
  const next = found?.data.next_transaction;
  if (!found || !next) return undefined;
  const { currency_code: currency, customer_id: customerId } = found.data;
  const { details, billing_period: span } = next;
  const prices = await readPricesOf(call, details.line_items);
  const meterOf = (id: string) => meterOfPrice(prices.get(id));
  return {
    ...toAmounts(details, false),
    id: `upcoming_${subscriptionId}`,
    number: null,
    customerId,
    subscriptionId,
    status: 'draft',
    currency,
    creditedAfterPayment: 0n,
    lines: details.line_items.map((line) => toLine(line, { currency, span, meter: meterOf(line.price_id) })),
    createdAtMs: span.starts_at,
    issuedAtMs: null,
    dueAtMs: null,
    paidAtMs: null,
    attempts: 0,
    nextAttemptAtMs: null,
    pageUrl: null,
    pdfUrl: null,
  };
}
