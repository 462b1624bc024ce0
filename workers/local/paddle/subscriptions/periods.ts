import { nextPeriodEnd } from '../../stand-in/calendar.ts';
import type { Account } from '../account/account.ts';
import { toIso, toSeconds } from '../account/moments.ts';
import type { Cycle, LineInput, Price, Span, Subscription, SubscriptionItem } from '../account/stored.ts';
import { present } from '../http/present.ts';

/** A price and how many of it. */
export interface Ordered {
  price: Price;
  quantity: number;
}

/** The period that begins at a moment; its end is counted from the anchor, so the 31st stays the 31st. */
export function periodFrom(start: number, anchor: number, { interval, frequency }: Cycle): Span {
  const end = nextPeriodEnd(anchor, { interval, interval_count: frequency }, start);
  return { starts_at: toIso(start), ends_at: toIso(end) };
}

export const wholeLine = ({ price, quantity }: Ordered): LineInput => ({
  price,
  quantity,
  sign: 1,
  share: null,
  isTrial: false,
});

/** The rest of a period now, to the minute. */
export function shareOf(account: Account, { starts_at, ends_at }: Span): NonNullable<LineInput['share']> {
  const minutes = (from: number, to: number) => Math.max(0, Math.floor((to - from) / 60));
  const [start, end, now] = [toSeconds(starts_at), toSeconds(ends_at), account.now()];
  return {
    left: minutes(now, end),
    whole: Math.max(1, minutes(start, end)),
    span: { starts_at: toIso(now), ends_at },
  };
}

export const orderedOf = (account: Account, { items }: Subscription): Ordered[] =>
  items.map(({ price, quantity }) => ({ price: account.store.get('price', price.id), quantity }));

export function toItem(
  account: Account,
  { price, quantity }: Ordered,
  dates: Pick<SubscriptionItem, 'status' | 'next_billed_at' | 'previously_billed_at' | 'trial_dates'>,
): SubscriptionItem {
  const now = account.nowIso();
  return {
    ...dates,
    quantity,
    recurring: true,
    created_at: now,
    updated_at: now,
    price: present(price),
    product: present(account.store.get('product', price.product_id)),
  };
}
