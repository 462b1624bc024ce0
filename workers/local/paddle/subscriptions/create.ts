import type { Account } from '../account/account.ts';
import { toSeconds } from '../account/moments.ts';
import type { Cycle, Discount, LineInput, Subscription, Transaction } from '../account/stored.ts';
import { PaddleFailure } from '../http/errors.ts';
import { periodFrom, toItem } from './periods.ts';

const sameCycle = (one: Cycle, other: Cycle) =>
  one.interval === other.interval && one.frequency === other.frequency;

/** The cycle of the recurring prices; null when there are none. @throws PaddleFailure when they differ */
export function cycleOf(prices: readonly { billing_cycle: Cycle | null }[]): Cycle | null {
  const [first, ...others] = prices.flatMap(({ billing_cycle: cycle }) => (cycle === null ? [] : [cycle]));
  if (first !== undefined && others.some((each) => !sameCycle(each, first)))
    throw new PaddleFailure(
      400,
      'transaction_recurring_items_differing_billing_cycle',
      'All recurring items must have the same billing cycle.',
    );
  return first ?? null;
}

/** A discount that recurs stays with the subscription for so many periods. */
export function lastingDiscount(
  account: Account,
  discount: Discount | null,
  cycle: Cycle,
): Subscription['discount'] {
  if (discount === null || !discount.recur) return null;
  const count = discount.maximum_recurring_intervals;
  const now = account.now();
  const ends = count === null ? null : periodFrom(now, now, { ...cycle, frequency: cycle.frequency * count });
  return { id: discount.id, starts_at: account.nowIso(), ends_at: ends?.ends_at ?? null };
}

/** The dates of a subscription that begins now, with a trial or with a period that is paid. */
function firstPeriod(account: Account, cycle: Cycle, lines: readonly LineInput[]) {
  const now = account.now();
  const trial = lines.find(({ isTrial }) => isTrial)?.price.trial_period ?? null;
  const period = periodFrom(now, now, trial ?? cycle);
  return {
    status: trial ? ('trialing' as const) : ('active' as const),
    period,
    anchor: toSeconds(trial ? period.ends_at : period.starts_at),
    billedAt: trial ? null : period.starts_at,
  };
}

const NOTHING = {
  object: 'subscription',
  paused_at: null,
  canceled_at: null,
  collection_mode: 'automatic',
  billing_details: null,
  scheduled_change: null,
  management_urls: null,
  import_meta: null,
} satisfies Partial<Subscription>;

/** The fields that a subscription takes over from the transaction that began it. */
const ownerOf = (transaction: Transaction) => ({
  customer_id: transaction.customer_id ?? '',
  address_id: transaction.address_id ?? '',
  business_id: transaction.business_id,
  currency_code: transaction.currency_code,
  custom_data: transaction.custom_data,
});

/** Creates the subscription of a transaction that was paid; undefined when nothing in it recurs. */
export function createSubscription(
  account: Account,
  transaction: Transaction,
  method: string,
): Subscription | undefined {
  const recurring = transaction.own.lines.filter(({ price }) => price.billing_cycle !== null);
  const cycle = cycleOf(recurring.map(({ price }) => price));
  if (cycle === null) return undefined;
  const { status, period, anchor, billedAt } = firstPeriod(account, cycle, recurring);
  const { starts_at: start, ends_at: end } = period;
  const { discount_id: discountId } = transaction;
  const discount = discountId === null ? null : account.store.get('discount', discountId);
  const trial_dates = status === 'trialing' ? period : null;
  const dates = { status, previously_billed_at: billedAt, next_billed_at: end, trial_dates };
  const row = account.create<Subscription>({
    ...NOTHING,
    ...ownerOf(transaction),
    id: account.newId('sub'),
    status,
    created_at: start,
    updated_at: start,
    started_at: start,
    first_billed_at: billedAt,
    next_billed_at: end,
    discount: lastingDiscount(account, discount, cycle),
    current_billing_period: period,
    billing_cycle: cycle,
    items: recurring.map((line) => toItem(account, line, dates)),
    own: { anchor, method, pending: [], onResume: 'start_new_billing_period' },
  });
  account.announce(status === 'trialing' ? 'trialing' : 'activated', row);
  account.update('transaction', transaction.id, { subscription_id: row.id, billing_period: period });
  return row;
}
