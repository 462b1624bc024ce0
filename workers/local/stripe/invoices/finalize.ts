import type { Account } from '../account/account.ts';
import type { Invoice } from '../account/stored.ts';
import type { Decline } from '../customers/cards.ts';
import { collect, type Collection, markPaid } from './collect.ts';
import { setLines } from './draft.ts';
import { recounted } from './lines.ts';

/** Moves what an invoice owes to or takes from the customer's balance. */
function settleBalance(account: Account, invoice: Invoice): number {
  const after = Math.min(0, invoice.total + invoice.starting_balance);
  const customer = account.store.get('customer', invoice.customer as string);
  const invoices = (customer.next_invoice_sequence ?? 1) + 1;
  account.update('customer', customer.id, { balance: after, next_invoice_sequence: invoices });
  return after;
}

/** Makes a draft final: usage is counted for the last time, and it has its number from now on. */
export function finalize(account: Account, id: string): Invoice {
  const draft = account.store.get('invoice', id);
  const now = account.nowOf(draft.customer as string);
  const counted = setLines(
    account,
    draft,
    draft.lines.data.map((line) => recounted(account, line)),
  );
  const customer = account.store.get('customer', draft.customer as string);
  const number = `${customer.invoice_prefix}-${String(customer.next_invoice_sequence).padStart(4, '0')}`;
  const page = `${account.url}/invoices/${id}`;
  const open = account.update('invoice', id, {
    ...counted,
    automatically_finalizes_at: null,
    effective_at: now,
    ending_balance: settleBalance(account, counted),
    hosted_invoice_url: page,
    invoice_pdf: `${page}/pdf`,
    next_payment_attempt:
      draft.auto_advance && draft.collection_method === 'charge_automatically' ? now : null,
    number,
    status: 'open',
    status_transitions: { ...draft.status_transitions, finalized_at: now },
  });
  account.announce('finalized', open);
  return open.amount_due === 0 ? markPaid(account, id) : open;
}

/** Makes a draft final and collects it at once, as the first invoice of a subscription is. */
export function finalizeAndCollect(
  account: Account,
  id: string,
  how: Collection = {},
): { invoice: Invoice; declined?: Decline } {
  const invoice = finalize(account, id);
  if (invoice.status === 'paid' || invoice.collection_method === 'send_invoice') return { invoice };
  return collect(account, id, { isAutomatic: true, ...how });
}
