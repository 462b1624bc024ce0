import { z } from '@hono/zod-openapi';
import type { Account } from '../account/account.ts';
import { toSeconds } from '../account/moments.ts';
import type { Discount } from '../account/stored.ts';
import { PaddleFailure } from '../http/errors.ts';
import { pageOf } from '../http/lists.ts';
import { anyOf, currencyCode, customData, moment, pageShape, text } from '../http/params.ts';
import { present } from '../http/present.ts';
import { route } from '../http/router.ts';

export const newDiscountShape = {
  description: text,
  type: z.enum(['percentage', 'flat', 'flat_per_seat']),
  amount: z.string().regex(/^\d{1,9}(\.\d{1,2})?$/),
  currency_code: currencyCode.nullable().default(null),
  enabled_for_checkout: z.boolean().default(true),
  code: z
    .string()
    .regex(/^[A-Za-z0-9]{1,32}$/)
    .nullable()
    .default(null),
  recur: z.boolean().default(false),
  maximum_recurring_intervals: z.int().min(1).nullable().default(null),
  usage_limit: z.int().min(1).nullable().default(null),
  expires_at: moment.nullable().default(null),
  custom_data: customData,
};

/** Codes are found in upper and lower case. */
const sameCode = (one: string | null, other: string) => one?.toLowerCase() === other.toLowerCase();

/** The discount behind a code that a customer enters. @throws PaddleFailure when there is none that counts */
export function discountOfCode(account: Account, code: string): Discount {
  const found = account.store
    .all('discount')
    .find((each) => each.status === 'active' && each.enabled_for_checkout && sameCode(each.code, code));
  if (!found) throw new PaddleFailure(400, 'discount_code_not_found', 'This code is not valid.');
  return usableDiscount(account, found.id);
}

/** @throws PaddleFailure when the discount is used up, expired or archived */
export function usableDiscount(account: Account, id: string): Discount {
  const discount = account.store.get('discount', id);
  const isExpired = discount.expires_at !== null && toSeconds(discount.expires_at) <= account.now();
  const isUsedUp = discount.usage_limit !== null && discount.times_used >= discount.usage_limit;
  if (discount.status !== 'active' || isExpired || isUsedUp)
    throw new PaddleFailure(400, 'discount_expired', 'This discount can no longer be used.');
  return discount;
}

export const discountRoutes = [
  route('POST /discounts', newDiscountShape, ({ account, params }) => {
    const now = account.nowIso();
    if (
      params.code !== null &&
      account.store.all('discount').some((each) => sameCode(each.code, params.code ?? ''))
    )
      throw new PaddleFailure(409, 'discount_code_conflict', 'This code exists already.');
    return present(
      account.create<Discount>({
        id: account.newId('dsc'),
        object: 'discount',
        ...params,
        mode: 'standard',
        status: 'active',
        restrict_to: null,
        times_used: 0,
        discount_group_id: null,
        created_at: now,
        updated_at: now,
        import_meta: null,
      }),
    );
  }),
  route('GET /discounts', { ...pageShape, code: anyOf, status: anyOf }, ({ account, params, url }) => {
    const rows = account.store
      .all('discount')
      .filter((each) => params.status?.includes(each.status) !== false)
      .filter((each) => params.code?.some((code) => sameCode(each.code, code)) !== false);
    return pageOf(rows.toReversed(), url, params);
  }),
  route('GET /discounts/:id', {}, ({ account, ids: [id = ''] }) =>
    present(account.store.get('discount', id)),
  ),
];
