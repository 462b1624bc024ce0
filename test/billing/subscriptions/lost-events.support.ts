import { expect } from 'vitest';
import { reconcileInvoices } from '../../../src/billing/invoices/reconcile-invoices.ts';
import { reconcileCustomers } from '../../../src/billing/reconciliation/reconcile-customers.ts';
import { sweepDeliveries } from '../../../src/kernel/delivery/index.ts';
import { ownerSql } from '../../contract/sql.ts';
import type { PaddleWorld } from '../../support/payments/paddle.ts';
import type { StripeWorld } from '../../support/payments/stripe.ts';
import type { World } from './seats.support.ts';
import type { Billing } from './support.ts';

/** An invoice in the words of both sides, with amounts in cents. */
export interface InvoiceFigures {
  number: string;
  status: string;
  total: number;
  paid: number;
  remaining: number;
  credited: number;
  refunded: number;
  /** What each credit note gave back, the smallest first. */
  creditNotes: number[];
}

const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0);
const ascending = (amounts: readonly number[]) => amounts.toSorted((a, b) => a - b);
const byNumber = (invoices: readonly InvoiceFigures[]) =>
  invoices.toSorted((a, b) => (a.number < b.number ? -1 : 1));

type Shown = Record<'total' | 'paid' | 'remaining' | 'credited' | 'refunded', { amountMicros: number }> & {
  id: string;
  number: string;
  status: string;
};

/** What the API shows of all invoices of an organization that are final. */
export async function shownInvoices(billing: Billing): Promise<InvoiceFigures[]> {
  const list = await billing.send('GET', 'invoices?limit=100');
  expect(list.body).toMatchObject({ nextCursor: null });
  const final = (list.body.data as Shown[]).filter(({ status }) => status !== 'draft');
  const rows = await ownerSql('select id, credit_notes as notes from invoices where organization_id = $1', [
    billing.owner.organizationId,
  ]);
  const notes = new Map(rows.map((row) => [row.id as string, row.notes as { amount: number }[]]));
  const cents = ({ amountMicros }: { amountMicros: number }) => amountMicros / 10_000;
  return byNumber(
    final.map(({ id, number, status, total, paid, remaining, credited, refunded }) => ({
      number,
      status,
      total: cents(total),
      paid: cents(paid),
      remaining: cents(remaining),
      credited: cents(credited),
      refunded: cents(refunded),
      creditNotes: ascending(notes.get(id)!.map(({ amount }) => amount / 10_000)),
    })),
  );
}

/** What Stripe itself has of a customer's invoices. */
export async function invoicesAtStripe({ stripe }: StripeWorld, customer: string): Promise<InvoiceFigures[]> {
  const limit = { limit: 100 };
  const invoices = await stripe.invoices.list({ customer, ...limit }).autoPagingToArray({ limit: 1_000 });
  const notes = await stripe.creditNotes.list({ customer, ...limit }).autoPagingToArray({ limit: 1_000 });
  const figures: InvoiceFigures[] = [];
  for (const invoice of invoices.filter(({ status }) => status !== 'draft')) {
    const { data: payments } = await stripe.invoicePayments.list({ invoice: invoice.id, ...limit });
    const refunds: number[] = [];
    for (const { payment } of payments) {
      const intent = payment.payment_intent as string | undefined;
      if (intent === undefined) continue;
      const { data } = await stripe.refunds.list({ payment_intent: intent, ...limit });
      refunds.push(...data.map(({ amount }) => amount));
    }
    figures.push({
      number: invoice.number!,
      status: invoice.status!,
      total: invoice.total,
      paid: invoice.amount_paid,
      remaining: invoice.amount_remaining,
      credited: invoice.pre_payment_credit_notes_amount + invoice.post_payment_credit_notes_amount,
      refunded: sum(refunds),
      creditNotes: ascending(notes.filter((note) => note.invoice === invoice.id).map(({ amount }) => amount)),
    });
  }
  return byNumber(figures);
}

const STATUS_AT_PADDLE: Record<string, string> = {
  billed: 'open',
  past_due: 'open',
  paid: 'paid',
  completed: 'paid',
  canceled: 'void',
};

export interface TransactionAtPaddle {
  id: string;
  status: string;
  invoice_number: string | null;
  details: {
    totals: { total: string; grand_total: string };
    line_items: { id: string; totals: { total: string } }[];
  };
}

export const transactionsAtPaddle = async (
  world: PaddleWorld,
  customer: string,
): Promise<TransactionAtPaddle[]> => {
  const path = `/transactions?per_page=200&customer_id=${customer}`;
  const all = (await world.send(`GET ${path}`)) as TransactionAtPaddle[];
  return all.filter(({ invoice_number: number }) => number !== null);
};

/** What Paddle itself has of a customer's transactions that have an invoice, and of their adjustments. */
export async function invoicesAtPaddle(world: PaddleWorld, customer: string): Promise<InvoiceFigures[]> {
  const adjustments = (await world.send(`GET /adjustments?per_page=50&customer_id=${customer}`)) as {
    transaction_id: string;
    totals: { total: string };
  }[];
  const transactions = await transactionsAtPaddle(world, customer);
  return byNumber(
    transactions.map(({ id, status, invoice_number: number, details: { totals } }) => {
      const isPaid = STATUS_AT_PADDLE[status] === 'paid';
      const due = Number(totals.grand_total);
      const given = adjustments
        .filter((each) => each.transaction_id === id)
        .map((each) => Number(each.totals.total));
      return {
        number: number!,
        status: STATUS_AT_PADDLE[status]!,
        total: Number(totals.total),
        paid: isPaid ? due : 0,
        remaining: isPaid ? 0 : due,
        credited: sum(given),
        refunded: sum(given),
        creditNotes: ascending(given),
      };
    }),
  );
}

/** The Worker dies with what it is at work on: those deliveries come again when their leases have expired. */
export async function dieAtWork(world: World, requests: number): Promise<void> {
  await world.control('faults', { next: Array.from({ length: requests }, () => ({ drop: true as const })) });
  await world.app.drain();
  await world.control('faults', { next: [] });
  await ownerSql(
    `update deliveries set status = 'running', lease_until = $1
    where type like 'provider.%' and status in ('pending', 'published')`,
    [new Date(world.app.clock.now() - 1_000).toISOString()],
  );
  world.app.clock.advanceSeconds(60);
  await sweepDeliveries(world.app.services);
}

/** A fifth is lost, every fifth comes twice, and all of them in another order. */
export const trouble = (round: number) => ({
  drop: 0.2,
  duplicates: round % 5 === 0 ? 1 : 0,
  shuffle: true,
  seed: round,
});

/** Both clocks; what the provider does then is reported as everything is. */
export async function passDays(world: World, days: number): Promise<void> {
  const advanceSeconds = days * 86_400;
  await world.control('clock', { advanceSeconds });
  world.app.clock.advanceSeconds(advanceSeconds);
}

/** The reconciliations of a day. @returns how many customers had an invoice that was repaired */
export async function reconcileAfter(world: World, days: number): Promise<number> {
  world.app.clock.advanceSeconds(days * 86_400 + 1);
  expect(await reconcileCustomers(world.app.services)).toMatchObject({ failed: 0 });
  const { done, failed } = await reconcileInvoices(world.app.services);
  expect(failed).toBe(0);
  return done;
}

/** How many events of a provider are stored. */
export async function storedEvents(): Promise<number> {
  const [row] = await ownerSql('select count(*)::int as stored from provider_events');
  return row!.stored as number;
}
