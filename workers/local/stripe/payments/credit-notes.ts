import { z } from '@hono/zod-openapi';
import type { Account } from '../account/account.ts';
import type { Invoice, Rows } from '../account/stored.ts';
import { StripeFailure } from '../http/errors.ts';
import { listOf, pageOf } from '../http/lists.ts';
import { listShape, mergeMetadata, metadata, positive, text } from '../http/params.ts';
import { route } from '../http/router.ts';
import { markPaid } from '../invoices/collect.ts';
import { createRefund } from './refunds.ts';

type CreditNote = Rows['credit_note'];

const shape = {
  invoice: text,
  amount: positive,
  credit_amount: positive.optional(),
  memo: text.optional(),
  metadata: metadata.optional(),
  out_of_band_amount: positive.optional(),
  reason: z.enum(['duplicate', 'fraudulent', 'order_change', 'product_unsatisfactory']).optional(),
  refund_amount: positive.optional(),
};
type NewCreditNote = z.output<z.ZodObject<typeof shape>>;

/** The amount that may still be credited: the amount due of an open invoice, the paid amount of a paid one. */
function creditable(invoice: Invoice): number {
  if (invoice.status === 'open') return invoice.amount_remaining;
  if (invoice.status === 'paid') return invoice.amount_paid - invoice.post_payment_credit_notes_amount;
  throw StripeFailure.invalid(
    `A credit note needs an open or paid invoice; it is ${invoice.status}.`,
    'invoice',
  );
}

function checkParts(invoice: Invoice, params: NewCreditNote): void {
  const left = creditable(invoice);
  if (params.amount === 0 || params.amount > left)
    throw StripeFailure.invalid(`The credit note's amount must be from 1 to ${left}.`, 'amount');
  const parts = (params.credit_amount ?? 0) + (params.refund_amount ?? 0) + (params.out_of_band_amount ?? 0);
  if (parts !== (invoice.status === 'paid' ? params.amount : 0))
    throw StripeFailure.invalid(
      'The sum of credit amount, refund amount and out of band amount must equal the amount after payment.',
      'amount',
    );
}

/** Gives the money back: to the card, or to the balance that the next invoices use. */
function giveBack(account: Account, invoice: Invoice, params: NewCreditNote): CreditNote['refunds'] {
  if (params.credit_amount) {
    const customer = account.store.get('customer', invoice.customer as string);
    account.update('customer', customer.id, { balance: customer.balance - params.credit_amount });
  }
  const intent = invoice.payments?.data[0]?.payment.payment_intent;
  if (!params.refund_amount) return [];
  if (intent === undefined) throw StripeFailure.invalid('The invoice was not paid by card.', 'refund_amount');
  const refund = createRefund(account, { payment_intent: intent, amount: params.refund_amount });
  return [{ amount_refunded: refund.amount, payment_record_refund: null, refund: refund.id, type: 'refund' }];
}

function applyToInvoice(account: Account, invoice: Invoice, amount: number): void {
  if (invoice.status === 'paid') {
    const credited = invoice.post_payment_credit_notes_amount + amount;
    account.update('invoice', invoice.id, { post_payment_credit_notes_amount: credited });
    return;
  }
  const left = invoice.amount_remaining - amount;
  account.update('invoice', invoice.id, {
    amount_due: invoice.amount_due - amount,
    amount_remaining: left,
    pre_payment_credit_notes_amount: invoice.pre_payment_credit_notes_amount + amount,
  });
  if (left === 0) markPaid(account, invoice.id);
}

const NOTHING = {
  object: 'credit_note',
  amount_shipping: 0,
  customer_account: null,
  customer_balance_transaction: null,
  discount_amount: 0,
  discount_amounts: [],
  livemode: false,
  pretax_credit_amounts: [],
  refunds: [],
  shipping_cost: null,
  status: 'issued',
  total_taxes: [],
  voided_at: null,
} satisfies Partial<CreditNote>;

function buildNote(account: Account, invoice: Invoice, params: NewCreditNote): CreditNote {
  const id = account.store.newId('cn');
  const count = account.store.all('credit_note').filter((each) => each.invoice === invoice.id).length;
  const isPaid = invoice.status === 'paid';
  return {
    ...NOTHING,
    id,
    amount: params.amount,
    created: account.nowOf(invoice.customer as string),
    currency: invoice.currency,
    customer: invoice.customer as string,
    effective_at: account.nowOf(invoice.customer as string),
    invoice: invoice.id,
    lines: listOf([], `/v1/credit_notes/${id}/lines`),
    memo: params.memo ?? null,
    metadata: mergeMetadata({}, params.metadata),
    number: `${invoice.number}-CN-${String(count + 1).padStart(2, '0')}`,
    out_of_band_amount: params.out_of_band_amount ?? null,
    pdf: `${account.url}/credit_notes/${id}/pdf`,
    post_payment_amount: isPaid ? params.amount : 0,
    pre_payment_amount: isPaid ? 0 : params.amount,
    reason: params.reason ?? null,
    subtotal: params.amount,
    subtotal_excluding_tax: params.amount,
    total: params.amount,
    total_excluding_tax: params.amount,
    type: isPaid ? 'post_payment' : 'pre_payment',
  };
}

function createCreditNote(account: Account, params: NewCreditNote): CreditNote {
  const invoice = account.store.get('invoice', params.invoice, 'invoice');
  checkParts(invoice, params);
  const note = buildNote(account, invoice, params);
  const refunds = giveBack(account, invoice, params);
  applyToInvoice(account, invoice, params.amount);
  return account.create({ ...note, refunds });
}

export const creditNoteRoutes = [
  route('POST /v1/credit_notes', shape, ({ account, params }) => createCreditNote(account, params)),
  route(
    'GET /v1/credit_notes',
    { ...listShape, customer: text.optional(), invoice: text.optional() },
    ({ account, params, path }) => {
      const rows = account.store
        .all('credit_note')
        .filter((each) => each.customer === (params.customer ?? each.customer))
        .filter((each) => each.invoice === (params.invoice ?? each.invoice));
      return pageOf(rows.toReversed(), path, params);
    },
  ),
  route('GET /v1/credit_notes/:id', {}, ({ account, ids: [id = ''] }) =>
    account.store.get('credit_note', id),
  ),
];
