import type { Account } from '../account/account.ts';
import { toIso, toSeconds } from '../account/moments.ts';
import type { LineInput, Span, Subscription, Transaction } from '../account/stored.ts';
import { priceOf } from '../catalog/prices.ts';
import { usableDiscount } from '../catalog/discounts.ts';
import { PaddleFailure } from '../http/errors.ts';
import { billSubscription } from '../transactions/create.ts';
import type { BillingMode, SubscriptionChange } from './change.params.ts';
import { cycleOf, lastingDiscount } from './create.ts';
import { checkLeast, checkState, refuse } from './check-state.ts';
import { type Ordered, orderedOf, periodFrom, shareOf, toItem, wholeLine } from './periods.ts';

const isSame = (one: Ordered, other: Ordered) =>
  one.price.id === other.price.id && one.quantity === other.quantity;

function changedLines(
  mode: BillingMode,
  { removed, added }: { removed: readonly Ordered[]; added: readonly Ordered[] },
  share: LineInput['share'],
): LineInput[] {
  if (mode === 'do_not_bill') return [];
  if (mode.startsWith('full_')) return added.map(wholeLine);
  const back = removed.map((each): LineInput => ({ ...wholeLine(each), sign: -1, share }));
  return [...back, ...added.map((each): LineInput => ({ ...wholeLine(each), share }))];
}

interface Replacement {
  before: Subscription;
  ordered: Ordered[];
  mode: BillingMode;
  /** The new dates; null leaves them. */
  period: Span | null;
}

function setItems(account: Account, { before, ordered, period }: Replacement): Subscription {
  const [old] = before.items;
  const items = ordered.map((each) => {
    const kept = before.items.find((item) => item.price.id === each.price.id);
    const dates = {
      status: old?.status ?? 'active',
      previously_billed_at: period ? period.starts_at : (old?.previously_billed_at ?? null),
      next_billed_at: period ? period.ends_at : before.next_billed_at,
      trial_dates: old?.trial_dates ?? null,
    };
    return { ...toItem(account, each, dates), created_at: kept?.created_at ?? account.nowIso() };
  });
  const cycle = cycleOf(ordered.map(({ price }) => price));
  if (cycle === null)
    throw refuse('subscription_no_recurring_items_remain', 'at least one recurring item is needed');
  const own = period ? { ...before.own, anchor: toSeconds(period.starts_at) } : before.own;
  return account.update('subscription', before.id, {
    items,
    billing_cycle: cycle,
    own,
    ...(period ? { current_billing_period: period, next_billed_at: period.ends_at } : {}),
  });
}

/** Another cycle begins now: the rest of the old period is given back, and a whole one is charged. */
function restart(account: Account, replacement: Replacement): LineInput[] {
  const { before, ordered, mode } = replacement;
  if (mode.endsWith('_next_billing_period'))
    throw refuse(
      'subscription_new_items_not_valid',
      'another billing cycle is billed immediately or not at all',
    );
  const old = before.current_billing_period;
  setItems(account, replacement);
  const share = old && shareOf(account, old);
  const removed = mode === 'prorated_immediately' ? orderedOf(account, before) : [];
  return changedLines(mode, { removed, added: [] }, share).concat(
    mode === 'do_not_bill' ? [] : ordered.map(wholeLine),
  );
}

/** Replaces the items. @returns the amounts that are billed for it now */
function replaceItems(account: Account, before: Subscription, change: SubscriptionChange): LineInput[] {
  const ordered = (change.items ?? []).map((item) => ({
    price: priceOf(account, item),
    quantity: item.quantity,
  }));
  if (new Set(ordered.map(({ price }) => price.id)).size < ordered.length)
    throw refuse('subscription_duplicate_price_ids', 'a price can be in the items once');
  const mode = change.proration_billing_mode ?? 'do_not_bill';
  const cycle = cycleOf(ordered.map(({ price }) => price));
  const isOther =
    cycle !== null &&
    (cycle.interval !== before.billing_cycle.interval || cycle.frequency !== before.billing_cycle.frequency);
  const now = account.now();
  if (isOther && before.status === 'active')
    return restart(account, { before, ordered, mode, period: periodFrom(now, now, cycle) });
  setItems(account, { before, ordered, mode, period: null });
  const old = orderedOf(account, before);
  const removed = old.filter((each) => !ordered.some((other) => isSame(each, other)));
  const added = ordered.filter((each) => !old.some((other) => isSame(each, other)));
  const share = before.current_billing_period && shareOf(account, before.current_billing_period);
  const lines = changedLines(mode, { removed, added }, share);
  if (!mode.endsWith('_next_billing_period')) return lines;
  const { own } = account.store.get('subscription', before.id);
  account.update('subscription', before.id, { own: { ...own, pending: [...own.pending, ...lines] } }, null);
  return [];
}

/** Moves the end of the period, without a charge. */
function moveBilling(account: Account, id: string, change: SubscriptionChange): void {
  const at = change.next_billed_at;
  if (at === undefined) return;
  if (change.proration_billing_mode !== 'do_not_bill')
    throw PaddleFailure.field('next_billed_at', 'this stand-in moves it with do_not_bill only');
  if (toSeconds(at) <= account.now())
    throw refuse('subscription_next_billed_at_too_soon', 'next_billed_at must be in the future');
  const { items, own, current_billing_period: period } = account.store.get('subscription', id);
  const next = toIso(toSeconds(at));
  account.update('subscription', id, {
    next_billed_at: next,
    current_billing_period: period && { ...period, ends_at: next },
    items: items.map((item) => ({ ...item, next_billed_at: next })),
    own: { ...own, anchor: toSeconds(at) },
  });
}

function discountFields(
  account: Account,
  { billing_cycle: cycle }: Subscription,
  { discount }: SubscriptionChange,
): Partial<Subscription> {
  if (discount === undefined) return {};
  if (discount === null) return { discount: null };
  const lasting = lastingDiscount(account, usableDiscount(account, discount.id), cycle);
  if (lasting === null)
    throw refuse('subscription_one_off_discount_not_valid', 'the discount does not recur');
  return { discount: lasting };
}

/**
 * Applies a change and returns the invoice that follows from it at once, if any; it is not collected yet. Previews and real
 * changes both come here.
 */
export function applyChange(
  account: Account,
  id: string,
  change: SubscriptionChange,
): Transaction | undefined {
  const before = account.store.get('subscription', id);
  checkState(before, change);
  account.update('subscription', id, {
    ...discountFields(account, before, change),
    ...(change.custom_data === undefined ? {} : { custom_data: change.custom_data }),
    ...(change.scheduled_change === undefined ? {} : { scheduled_change: null }),
  });
  const current = account.store.get('subscription', id);
  const lines = change.items ? replaceItems(account, current, change) : [];
  moveBilling(account, id, change);
  if (lines.length === 0) return undefined;
  const after = account.store.get('subscription', id);
  const end = after.current_billing_period?.ends_at ?? account.nowIso();
  const period = { starts_at: account.nowIso(), ends_at: end };
  const bill = billSubscription(account, after, { lines, origin: 'subscription_update', period });
  checkLeast(
    'subscription_update_transaction_balance_less_than_charge_limit',
    Number(bill.details.totals.grand_total),
  );
  return bill;
}
