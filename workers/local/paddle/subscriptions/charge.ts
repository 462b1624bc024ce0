import type { Account } from '../account/account.ts';
import type { LineInput, Transaction } from '../account/stored.ts';
import { type PriceItem, priceOf } from '../catalog/prices.ts';
import { PaddleFailure } from '../http/errors.ts';
import { billSubscription } from '../transactions/create.ts';
import { checkLeast } from './check-state.ts';
import { wholeLine } from './periods.ts';
import type { EffectiveFrom } from './schedule.ts';

function lineOf(account: Account, item: PriceItem): LineInput {
  const price = priceOf(account, item);
  if (price.billing_cycle !== null) throw PaddleFailure.field('items', 'must not recur');
  return wholeLine({ price, quantity: item.quantity });
}

/** Charges once: with the next renewal, or in an invoice of its own, which is returned and not collected yet. */
export function addCharge(
  account: Account,
  id: string,
  items: readonly PriceItem[],
  from: EffectiveFrom,
): Transaction | undefined {
  const subscription = account.store.get('subscription', id);
  if (subscription.status === 'past_due')
    throw new PaddleFailure(400, 'subscription_update_when_past_due', 'the subscription is past due');
  if (subscription.status === 'canceled' || subscription.status === 'paused')
    throw new PaddleFailure(
      400,
      'subscription_is_inactive_action_invalid',
      `the subscription is ${subscription.status}`,
    );
  const lines = items.map((item) => lineOf(account, item));
  const { own } = subscription;
  const amount = lines.reduce((sum, line) => sum + Number(line.price.unit_price.amount) * line.quantity, 0);
  // The documentation of the real API has this only for a charge at once; others have seen it for the next period too.
  checkLeast('transaction_balance_less_than_charge_limit', amount);
  if (from === 'next_billing_period') {
    account.update('subscription', id, { own: { ...own, pending: [...own.pending, ...lines] } });
    return undefined;
  }
  const now = account.nowIso();
  const period = { starts_at: now, ends_at: now };
  const bill = billSubscription(account, subscription, { lines, origin: 'subscription_charge', period });
  checkLeast('transaction_balance_less_than_charge_limit', Number(bill.details.totals.grand_total));
  return bill;
}
