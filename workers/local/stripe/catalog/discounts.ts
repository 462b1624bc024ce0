import { z } from '@hono/zod-openapi';
import { shareOf } from '../../stand-in/rounding.ts';
import type { Account } from '../account/account.ts';
import { addMonths } from '../../stand-in/calendar.ts';
import type { Line, Rows } from '../account/stored.ts';
import { StripeFailure } from '../http/errors.ts';
import { clearable, list, text } from '../http/params.ts';
import { percentOf } from './amounts.ts';

/** Discounts as requests name them. */
export const discountsParam = clearable(
  list(
    z.strictObject({ coupon: text.optional(), promotion_code: text.optional(), discount: text.optional() }),
  ),
);
export type DiscountNames = { coupon?: string; promotion_code?: string; discount?: string }[];

function usableCoupon(account: Account, id: string, now: number): Rows['coupon'] {
  const coupon = account.store.get('coupon', id, 'discounts[0][coupon]');
  const isSpent = coupon.max_redemptions !== null && coupon.times_redeemed >= coupon.max_redemptions;
  if (isSpent || (coupon.redeem_by !== null && coupon.redeem_by <= now))
    throw StripeFailure.invalid(`Coupon expired: ${id}`, 'discounts[0][coupon]', 'coupon_expired');
  return coupon;
}

function usablePromotionCode(
  account: Account,
  id: string,
  customer: string | null,
  now: number,
): Rows['promotion_code'] {
  const code = account.store.get('promotion_code', id, 'discounts[0][promotion_code]');
  const isSpent = code.max_redemptions !== null && code.times_redeemed >= code.max_redemptions;
  const isOver = code.expires_at !== null && code.expires_at <= now;
  if (!code.active || isSpent || isOver || (code.customer !== null && code.customer !== customer))
    throw StripeFailure.invalid('This promotion code cannot be redeemed.', 'discounts[0][promotion_code]');
  return code;
}

/**
 * Redeems a coupon or promotion code for a subscription.
 * @returns the id of the discount
 * @throws StripeFailure when it is unknown, over or used up
 */
function redeem(
  account: Account,
  name: DiscountNames[number],
  target: { customer: string; subscription: string; now: number },
): string {
  const { customer, subscription, now } = target;
  if (name.discount !== undefined) return account.store.get('discount', name.discount).id;
  const code =
    name.promotion_code === undefined
      ? null
      : usablePromotionCode(account, name.promotion_code, customer, now);
  const couponId = name.coupon ?? (code?.promotion.coupon as string | undefined) ?? '';
  const coupon = usableCoupon(account, couponId, now);
  account.update('coupon', coupon.id, { times_redeemed: coupon.times_redeemed + 1 });
  if (code) account.update('promotion_code', code.id, { times_redeemed: code.times_redeemed + 1 });
  const months = coupon.duration_in_months;
  return account.create<Rows['discount']>({
    id: account.store.newId('di'),
    object: 'discount',
    checkout_session: null,
    customer,
    customer_account: null,
    end: months === null ? null : addMonths(now, months),
    invoice: null,
    invoice_item: null,
    promotion_code: code?.id ?? null,
    source: { type: 'coupon', coupon: coupon.id },
    start: now,
    subscription,
    subscription_item: null,
  }).id;
}

export const redeemAll = (
  account: Account,
  names: DiscountNames,
  target: { customer: string; subscription: string; now: number },
): string[] => names.map((name) => redeem(account, name, target));

function couponOf(account: Account, discount: string): Rows['coupon'] {
  const { source } = account.store.get('discount', discount);
  return account.store.get('coupon', source.coupon as string);
}

/** The discounts that still apply at a moment. */
export const liveDiscounts = (account: Account, ids: readonly string[], now: number): string[] =>
  ids.filter((id) => {
    const { end } = account.store.get('discount', id);
    return end === null || end > now;
  });

/** The discounts that are left after an invoice: one that applies once is spent. */
export const afterInvoice = (account: Account, ids: readonly string[]): string[] =>
  ids.filter((id) => couponOf(account, id).duration !== 'once');

/** Spreads an amount over lines in proportion to them; the parts add up to it exactly. */
function spread(amount: number, weights: readonly number[]): number[] {
  let weightLeft = weights.reduce((sum, weight) => sum + weight, 0);
  let left = amount;
  return weights.map((weight) => {
    const part = weightLeft === 0 ? 0 : shareOf(left, weight, weightLeft);
    left -= part;
    weightLeft -= weight;
    return part;
  });
}

/** The lines with what each discount takes off them, one after another. */
export function discountLines(
  account: Account,
  lines: readonly Line[],
  discounts: readonly string[],
): Line[] {
  let discounted = lines.map((line): Line => ({ ...line, discount_amounts: [] }));
  for (const discount of discounts) {
    const coupon = couponOf(account, discount);
    const left = discounted.map(({ amount, discountable, discount_amounts: taken }) =>
      discountable ? amount - (taken ?? []).reduce((sum, each) => sum + each.amount, 0) : 0,
    );
    const total = left.reduce((sum, each) => sum + each, 0);
    const off = Math.min(coupon.amount_off ?? Infinity, Math.max(total, 0));
    const parts =
      coupon.percent_off === null
        ? spread(
            off,
            left.map((each) => Math.max(0, each)),
          )
        : left.map((each) => percentOf(each, coupon.percent_off ?? 0));
    discounted = discounted.map((line, index) => {
      const amount = parts[index] ?? 0;
      return amount === 0
        ? line
        : { ...line, discount_amounts: [...(line.discount_amounts ?? []), { amount, discount }] };
    });
  }
  return discounted;
}
