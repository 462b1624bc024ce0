import type { Account } from '../account/account.ts';
import type { Invoice } from '../account/stored.ts';

/** Writes an open or draft invoice off: nothing more is collected. */
export function closeInvoice(account: Account, id: string, status: 'void' | 'uncollectible'): Invoice {
  const invoice = account.store.get('invoice', id);
  const now = account.nowOf(invoice.customer as string);
  const at = status === 'void' ? { voided_at: now } : { marked_uncollectible_at: now };
  const closed = account.update('invoice', id, {
    status,
    auto_advance: false,
    next_payment_attempt: null,
    status_transitions: { ...invoice.status_transitions, ...at },
  });
  account.announce(status === 'void' ? 'voided' : 'marked_uncollectible', closed);
  return closed;
}
