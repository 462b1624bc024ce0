import type { Account } from '../account/account.ts';
import type { Details, Subscription, Transaction } from '../account/stored.ts';
import { present } from '../http/present.ts';
import { detailsOf } from '../transactions/details.ts';
import { discountOf } from '../transactions/create.ts';
import { orderedOf, wholeLine } from './periods.ts';
import { billRenewal } from './renew.ts';

const toPreview = ({ billing_period, details }: Transaction) => ({
  billing_period,
  details,
  adjustments: [],
});

/** The next regular invoice as it would be now; null when there will be none. */
export function nextTransaction(account: Account, id: string) {
  const { status, next_billed_at: next, scheduled_change: change } = account.store.get('subscription', id);
  if (status === 'canceled' || next === null || (change !== null && change.effective_at <= next)) return null;
  return account.run(() => toPreview(billRenewal(account, id)), false);
}

function recurringDetails(account: Account, subscription: Subscription): Details {
  const { customer_id: customer, address_id: address, business_id: business } = subscription;
  return detailsOf(account, {
    customer,
    address,
    business,
    currency: subscription.currency_code,
    discount: discountOf(account, subscription),
    lines: orderedOf(account, subscription).map(wholeLine),
  });
}

/** The parts requested with `include`, for an answer about a subscription. */
export function included(account: Account, subscription: Subscription, names: readonly string[]) {
  return {
    ...present(subscription),
    ...(names.includes('next_transaction')
      ? { next_transaction: nextTransaction(account, subscription.id) }
      : {}),
    ...(names.includes('recurring_transaction_details')
      ? { recurring_transaction_details: recurringDetails(account, subscription) }
      : {}),
  };
}

function summaryOf({ details: { line_items: lines, totals } }: Transaction) {
  const sum = (sign: 1 | -1) =>
    lines.reduce((all, { totals: { total } }) => all + Math.max(0, sign * Number(total)), 0);
  const money = (amount: number) => ({ amount: String(amount), currency_code: totals.currency_code });
  const net = sum(1) - sum(-1);
  return {
    credit: money(sum(-1)),
    charge: money(sum(1)),
    result: { action: net < 0 ? 'credit' : 'charge', ...money(Math.abs(net)) },
  };
}

/** Runs a change, shows what becomes of the subscription, and undoes it. */
export function preview(account: Account, id: string, change: () => Transaction | undefined) {
  return account.run(() => {
    const immediate = change();
    return {
      ...included(account, account.store.get('subscription', id), [
        'next_transaction',
        'recurring_transaction_details',
      ]),
      immediate_transaction: immediate ? toPreview(immediate) : null,
      update_summary: immediate ? summaryOf(immediate) : null,
    };
  }, false);
}
