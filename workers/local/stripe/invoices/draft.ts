import type { Account } from '../account/account.ts';
import type { Invoice, InvoiceItem, Line, Subscription } from '../account/stored.ts';
import { afterInvoice } from '../catalog/discounts.ts';
import { blankInvoice, type NewInvoice, subscriptionOf } from './blank.ts';
import { pendingLine } from './lines.ts';
import { withTotals } from './totals.ts';

const subscriptionOfItem = (item: InvoiceItem) => item.parent?.subscription_details?.subscription ?? null;

/** Pending items that the next invoice takes: those of its subscription, and those of the customer alone. */
function pendingItems(
  account: Account,
  customer: string,
  subscription: string | null,
  currency: string,
): InvoiceItem[] {
  return account.store
    .all('invoiceitem')
    .filter((item) => item.invoice === null && item.customer === customer && item.currency === currency)
    .filter((item) => [null, subscription].includes(subscriptionOfItem(item)));
}

/** Tax rates of lines without their own: those of the subscription, or of the invoice. */
function taxRatesOf(account: Account, invoice: Invoice): string[] {
  const subscription = subscriptionOf(invoice);
  const rates =
    subscription === null
      ? invoice.default_tax_rates
      : (account.store.get('subscription', subscription).default_tax_rates ?? []);
  return rates.map(({ id }) => id);
}

/** Replaces the lines of a draft and everything that follows from them. */
export function setLines(account: Account, invoice: Invoice, lines: readonly Line[]): Invoice {
  return withTotals(account, invoice, lines, taxRatesOf(account, invoice));
}

/** Creates a draft of these lines and of the pending items, which belong to it from now on. */
export function draftInvoice(
  account: Account,
  params: NewInvoice,
  lines: readonly Line[],
  change: Partial<Invoice> = {},
): Invoice {
  const blank = { ...blankInvoice(account, params), ...change };
  const pending = pendingItems(account, params.customer, params.subscription?.id ?? null, params.currency);
  for (const item of pending) account.update('invoiceitem', item.id, { invoice: blank.id }, null);
  const all = [...pending.map((item) => pendingLine(account, item)), ...lines];
  const invoice = account.create(setLines(account, blank, all));
  if (params.subscription) {
    const discounts = afterInvoice(account, params.subscription.discounts);
    account.update('subscription', params.subscription.id, { discounts, latest_invoice: invoice.id }, null);
  }
  return invoice;
}

/** An invoice of a subscription with the subscription's way of paying. */
export const invoiceOf = (
  subscription: Subscription,
  reason: NewInvoice['reason'],
  period: { start: number; end: number },
  autoAdvance = true,
): NewInvoice => ({
  customer: subscription.customer,
  subscription,
  reason,
  currency: subscription.currency,
  period,
  autoAdvance,
  collectionMethod:
    subscription.collection_method === 'send_invoice' ? 'send_invoice' : 'charge_automatically',
  daysUntilDue: subscription.days_until_due,
  description: null,
  metadata: {},
});
