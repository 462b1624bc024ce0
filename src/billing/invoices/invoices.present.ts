import { type Micros, presentMoney } from '../../kernel/money/index.ts';
import type { ProviderInvoice } from '../providers/index.ts';
import { type InvoiceRow, invoiceState } from './invoices.rules.ts';
import type { InvoiceDetailView, InvoiceView, StoredLine, UpcomingView } from './invoices.schemas.ts';

type Amounts = Pick<
  InvoiceRow,
  'subtotal' | 'discount' | 'tax' | 'total' | 'fromBalance' | 'due' | 'currency'
>;

const iso = (ms: number) => new Date(ms).toISOString();

function presentAmounts({ subtotal, discount, tax, total, fromBalance, due, currency }: Amounts) {
  const money = (amount: Micros) => presentMoney(amount, currency);
  return {
    currency,
    subtotal: money(subtotal),
    discount: money(discount),
    tax: money(tax),
    total: money(total),
    fromBalance: money(fromBalance),
    due: money(due),
  };
}

const presentLine =
  (currency: string) =>
  ({ periodStartsAtMs, periodEndsAtMs, ...line }: StoredLine): UpcomingView['lines'][number] => ({
    ...line,
    amount: presentMoney(BigInt(line.amount), currency),
    discount: presentMoney(BigInt(line.discount), currency),
    tax: presentMoney(BigInt(line.tax), currency),
    periodStartsAt: iso(periodStartsAtMs),
    periodEndsAt: iso(periodEndsAtMs),
  });

export function presentInvoice(row: InvoiceRow): InvoiceView {
  const { id, number, status, currency, creditedBeforePayment, creditedAfterPayment } = row;
  const money = (amount: Micros) => presentMoney(amount, currency);
  return {
    id,
    number,
    status,
    ...presentAmounts(row),
    paid: money(row.paid),
    remaining: money(row.remaining),
    credited: money(creditedBeforePayment + creditedAfterPayment),
    refunded: money(row.refunded),
    paymentAttempts: row.attempts,
    nextAttemptAt: row.nextAttemptAt?.toISOString() ?? null,
    issuedAt: row.issuedAt?.toISOString() ?? null,
    dueAt: row.dueAt?.toISOString() ?? null,
    paidAt: row.paidAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
  };
}

/** @param links the provider's pages, undefined while they are not known */
export function presentInvoiceDetail(
  row: InvoiceRow,
  links: Pick<ProviderInvoice, 'pageUrl' | 'pdfUrl'> | undefined,
): InvoiceDetailView {
  const money = (amount: number) => presentMoney(BigInt(amount), row.currency);
  return {
    ...presentInvoice(row),
    lines: row.lines.map(presentLine(row.currency)),
    creditNotes: row.creditNotes.map(({ createdAtMs, ...note }) => ({
      ...note,
      amount: money(note.amount),
      refunded: money(note.refunded),
      createdAt: iso(createdAtMs),
    })),
    refunds: row.refunds.map(({ createdAtMs, amount, isComplete }) => ({
      amount: money(amount),
      isComplete,
      createdAt: iso(createdAtMs),
    })),
    pageUrl: links?.pageUrl ?? null,
    pdfUrl: links?.pdfUrl ?? null,
  };
}

export function presentUpcoming(invoice: ProviderInvoice): UpcomingView {
  const { lines } = invoiceState({ invoice, creditNotes: [], refunds: [] });
  return { ...presentAmounts(invoice), lines: lines.map(presentLine(invoice.currency)) };
}
