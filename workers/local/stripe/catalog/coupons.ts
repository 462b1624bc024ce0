import { z } from '@hono/zod-openapi';
import type { Account } from '../account/account.ts';
import type { Rows } from '../account/stored.ts';
import { StripeFailure } from '../http/errors.ts';
import { pageOf } from '../http/lists.ts';
import { bool, currency, int, listShape, mergeMetadata, metadata, positive, text } from '../http/params.ts';
import { route } from '../http/router.ts';

const percent = z
  .string()
  .regex(/^\d{1,3}(\.\d{1,2})?$/)
  .transform(Number)
  .refine((value) => value > 0 && value <= 100);
const couponShape = {
  id: text.optional(),
  name: text.optional(),
  percent_off: percent.optional(),
  amount_off: positive.optional(),
  currency: currency.optional(),
  duration: z.enum(['once', 'repeating', 'forever']).default('once'),
  duration_in_months: positive.optional(),
  max_redemptions: positive.optional(),
  redeem_by: int.optional(),
  metadata: metadata.optional(),
};
type NewCoupon = z.output<z.ZodObject<typeof couponShape>>;

function createCoupon(account: Account, params: NewCoupon): Rows['coupon'] {
  if ((params.percent_off === undefined) === (params.amount_off === undefined))
    throw StripeFailure.invalid('Exactly one of `percent_off` and `amount_off` is needed.', 'percent_off');
  if (params.amount_off !== undefined && params.currency === undefined)
    throw StripeFailure.invalid('Missing required param: currency.', 'currency', 'parameter_missing');
  if ((params.duration === 'repeating') !== (params.duration_in_months !== undefined))
    throw StripeFailure.invalid(
      '`duration_in_months` belongs to the duration repeating.',
      'duration_in_months',
    );
  return account.create<Rows['coupon']>({
    id: params.id ?? account.store.newId('coupon'),
    object: 'coupon',
    amount_off: params.amount_off ?? null,
    created: account.now(),
    currency: params.currency ?? null,
    duration: params.duration,
    duration_in_months: params.duration_in_months ?? null,
    livemode: false,
    max_redemptions: params.max_redemptions ?? null,
    metadata: mergeMetadata({}, params.metadata),
    name: params.name ?? null,
    percent_off: params.percent_off ?? null,
    redeem_by: params.redeem_by ?? null,
    times_redeemed: 0,
    valid: true,
  });
}

const promotionShape = {
  promotion: z.strictObject({ type: z.literal('coupon'), coupon: text }),
  code: text.optional(),
  active: bool.default(true),
  customer: text.optional(),
  expires_at: int.optional(),
  max_redemptions: positive.optional(),
  metadata: metadata.optional(),
};
type NewPromotionCode = z.output<z.ZodObject<typeof promotionShape>>;

function createPromotionCode(account: Account, params: NewPromotionCode): Rows['promotion_code'] {
  account.store.get('coupon', params.promotion.coupon, 'promotion[coupon]');
  const code = params.code ?? account.store.newId('code').slice(5, 13).toUpperCase();
  const same = account.store.all('promotion_code').some((each) => each.active && sameCode(each.code, code));
  if (same)
    throw StripeFailure.invalid('An active promotion code with `code: ' + code + '` already exists.', 'code');
  return account.create<Rows['promotion_code']>({
    id: account.store.newId('promo'),
    object: 'promotion_code',
    active: params.active,
    code,
    created: account.now(),
    customer: params.customer ?? null,
    customer_account: null,
    expires_at: params.expires_at ?? null,
    livemode: false,
    max_redemptions: params.max_redemptions ?? null,
    metadata: mergeMetadata({}, params.metadata),
    promotion: params.promotion,
    restrictions: { first_time_transaction: false, minimum_amount: null, minimum_amount_currency: null },
    times_redeemed: 0,
  });
}

/** Codes are the same in any letter case. */
export const sameCode = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();

export const couponRoutes = [
  route('POST /v1/coupons', couponShape, ({ account, params }) => createCoupon(account, params)),
  route('GET /v1/coupons', listShape, ({ account, params, path }) =>
    pageOf(account.store.all('coupon').toReversed(), path, params),
  ),
  route('GET /v1/coupons/:id', {}, ({ account, ids: [id = ''] }) => account.store.get('coupon', id)),
  route('DELETE /v1/coupons/:id', {}, ({ account, ids: [id = ''] }) => {
    account.announce('deleted', account.store.get('coupon', id));
    account.store.remove(id);
    return { id, object: 'coupon', deleted: true };
  }),
  route('POST /v1/promotion_codes', promotionShape, ({ account, params }) =>
    createPromotionCode(account, params),
  ),
  route(
    'GET /v1/promotion_codes',
    { ...listShape, active: bool.optional(), code: text.optional(), coupon: text.optional() },
    ({ account, params, path }) => {
      const rows = account.store
        .all('promotion_code')
        .filter((each) => each.active === (params.active ?? each.active))
        .filter((each) => params.code === undefined || sameCode(each.code, params.code))
        .filter((each) => params.coupon === undefined || each.promotion.coupon === params.coupon);
      return pageOf(rows.toReversed(), path, params);
    },
  ),
  route('GET /v1/promotion_codes/:id', {}, ({ account, ids: [id = ''] }) =>
    account.store.get('promotion_code', id),
  ),
  route(
    'POST /v1/promotion_codes/:id',
    { active: bool.optional(), metadata: metadata.optional() },
    ({ account, params, ids: [id = ''] }) => {
      const existing = account.store.get('promotion_code', id);
      return account.update('promotion_code', id, {
        ...params,
        metadata: mergeMetadata(existing.metadata, params.metadata),
      });
    },
  ),
];
