import { idOf, utf8 } from '../../kernel/core/index.ts';
import type { DomainEvent } from '../../kernel/events/index.ts';
import type { Micros } from '../../kernel/money/index.ts';
import type { ProviderInvoice, ProviderInvoiceRecord, ProviderName } from '../providers/index.ts';
import { buildInvoiceEvent } from './invoices.events.ts';
import type { invoices } from './invoices.tables.ts';

export type InvoiceRow = typeof invoices.$inferSelect;
/** All fields of a row that follow from the provider's invoice. */
export type InvoiceState = Omit<
  InvoiceRow,
  'id' | 'organizationId' | 'provider' | 'providerInvoiceId' | 'updatedAt' | 'version'
>;

const toDate = (ms: number | null) => (ms === null ? null : new Date(ms));
const sum = (amounts: readonly Micros[]) => amounts.reduce((total, amount) => total + amount, 0n);

/** The id of an invoice: always the same for an invoice of the provider, and sorted by its creation there. */
export async function invoiceId(
  provider: ProviderName,
  { id, createdAtMs }: Pick<ProviderInvoice, 'id' | 'createdAtMs'>,
): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', utf8(`${provider}/${id}`));
  return idOf('invoice', createdAtMs, new Uint8Array(digest));
}

/** Lines, credit notes and refunds as they are stored. */
const partsOf = (
  { lines }: ProviderInvoice,
  creditNotes: ProviderInvoiceRecord['creditNotes'],
  refunds: ProviderInvoiceRecord['refunds'],
): Pick<InvoiceState, 'lines' | 'creditNotes' | 'refunds'> => ({
  lines: lines.map(({ amount, discount, tax, ...line }) => ({
    ...line,
    amount: Number(amount),
    discount: Number(discount),
    tax: Number(tax),
  })),
  creditNotes: creditNotes.map(({ id: _id, key: _key, amount, refunded, ...note }) => ({
    ...note,
    amount: Number(amount),
    refunded: Number(refunded),
  })),
  refunds: refunds.map(({ id: _id, amount, ...refund }) => ({ ...refund, amount: Number(amount) })),
});

/** The state of a row that follows from the provider's invoice. */
export function invoiceState({ invoice, creditNotes, refunds }: ProviderInvoiceRecord): InvoiceState {
  const { subtotal, discount, tax, total, fromBalance, due, paid, remaining } = invoice;
  const { creditedBeforePayment, creditedAfterPayment, number, status, currency, attempts } = invoice;
  return {
    providerSubscriptionId: invoice.subscriptionId,
    number,
    status,
    currency,
    subtotal,
    discount,
    tax,
    total,
    fromBalance,
    creditedBeforePayment,
    due,
    paid,
    remaining,
    creditedAfterPayment,
    attempts,
    refunded: sum(refunds.map(({ amount }) => amount)),
    ...partsOf(invoice, creditNotes, refunds),
    nextAttemptAt: toDate(invoice.nextAttemptAtMs),
    issuedAt: toDate(invoice.issuedAtMs),
    dueAt: toDate(invoice.dueAtMs),
    paidAt: toDate(invoice.paidAtMs),
    createdAt: new Date(invoice.createdAtMs),
  };
}

const plain = (value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);
const asText = (state: InvoiceState, names: readonly string[]) =>
  JSON.stringify(
    names.map((name) => state[name as keyof InvoiceState]),
    (_, value: unknown) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
        : plain(value),
  );

/** Whether a row equals the provider's invoice. */
export function isSameState(row: InvoiceRow, state: InvoiceState): boolean {
  const names = Object.keys(state).toSorted();
  return asText(row, names) === asText(state, names);
}

const isFinal = (row: InvoiceState | undefined) => row !== undefined && row.status !== 'draft';
const creditOf = ({ creditedBeforePayment, creditedAfterPayment }: InvoiceState) =>
  creditedBeforePayment + creditedAfterPayment;

/** The events between two states of an invoice, including those of missed steps, each once. */
export function invoiceEventsOf(before: InvoiceRow | undefined, after: InvoiceRow): DomainEvent[] {
  const became = (status: InvoiceRow['status']) => after.status === status && before?.status !== status;
  const hasFailed = after.attempts > (before?.attempts ?? 0) && after.status === 'open';
  const build = (happened: boolean, what: Parameters<typeof buildInvoiceEvent>[0]) =>
    happened ? [buildInvoiceEvent(what, after)] : [];
  return [
    ...build(isFinal(after) && !isFinal(before), 'issued'),
    ...build(hasFailed, 'payment_failed'),
    ...build(became('paid'), 'paid'),
    ...build(became('void'), 'voided'),
    ...build(became('uncollectible'), 'uncollectible'),
    ...build(creditOf(after) > (before ? creditOf(before) : 0n), 'credited'),
    ...build(after.refunded > (before?.refunded ?? 0n), 'refunded'),
  ];
}

/** The amount of an invoice that can still be given back, as a refund or as credit, or be taken off the amount due. */
export function creditable(
  row: Pick<
    InvoiceRow,
    'status' | 'paid' | 'remaining' | 'creditedAfterPayment' | 'creditNotes' | 'refunded'
  >,
  as: 'refund' | 'balance' | 'due',
): Micros {
  if (as === 'due') return row.status === 'open' ? row.remaining : 0n;
  if (row.status !== 'paid') return 0n;
  // Refunds without a credit note were made at the provider itself.
  const noted = BigInt(row.creditNotes.reduce((total, { refunded }) => total + refunded, 0));
  const left = row.paid - row.creditedAfterPayment - (row.refunded > noted ? row.refunded - noted : 0n);
  return left > 0n ? left : 0n;
}
