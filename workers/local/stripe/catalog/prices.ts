import { z } from '@hono/zod-openapi';
import type { Account } from '../account/account.ts';
import type { Price } from '../account/stored.ts';
import { StripeFailure } from '../http/errors.ts';
import { pageOf } from '../http/lists.ts';
import {
  bool,
  clearable,
  currency,
  decimal,
  int,
  list,
  listShape,
  mergeMetadata,
  metadata,
  positive,
  text,
} from '../http/params.ts';
import { route } from '../http/router.ts';
import { createProduct } from './products.ts';

const recurring = z.strictObject({
  interval: z.enum(['day', 'week', 'month', 'year']),
  interval_count: int.refine((count) => count >= 1 && count <= 36, 'must be from 1 to 36').default(1),
  meter: text.optional(),
  usage_type: z.enum(['licensed', 'metered']).default('licensed'),
});
const tier = z.strictObject({
  up_to: z.union([z.literal('inf').transform(() => null), positive]),
  flat_amount: positive.optional(),
  unit_amount: positive.optional(),
  unit_amount_decimal: decimal.optional(),
});

const shape = {
  currency,
  product: text.optional(),
  product_data: z.strictObject({ name: text, id: text.optional(), metadata: metadata.optional() }).optional(),
  unit_amount: positive.optional(),
  unit_amount_decimal: decimal.optional(),
  recurring: recurring.optional(),
  billing_scheme: z.enum(['per_unit', 'tiered']).default('per_unit'),
  tiers_mode: z.enum(['graduated', 'volume']).optional(),
  tiers: list(tier).optional(),
  transform_quantity: z.strictObject({ divide_by: positive, round: z.enum(['up', 'down']) }).optional(),
  tax_behavior: z.enum(['exclusive', 'inclusive', 'unspecified']).default('unspecified'),
  lookup_key: text.optional(),
  transfer_lookup_key: bool.optional(),
  nickname: text.optional(),
  active: bool.default(true),
  metadata: metadata.optional(),
};
type NewPrice = z.output<z.ZodObject<typeof shape>>;

/** Whole minor units of a decimal amount, or null. */
const wholeUnits = (amount: string | undefined) =>
  amount !== undefined && /^\d+$/.test(amount) ? Number(amount) : null;
const decimalOf = (whole: number | undefined, exact: string | undefined) =>
  exact ?? (whole === undefined ? null : String(whole));

function checkAmounts(account: Account, params: NewPrice): void {
  const isTiered = params.billing_scheme === 'tiered';
  if (isTiered && (params.tiers === undefined || params.tiers_mode === undefined))
    throw StripeFailure.invalid('Tiered prices need `tiers` and `tiers_mode`.', 'tiers');
  if (!isTiered && (params.unit_amount === undefined) === (params.unit_amount_decimal === undefined))
    throw StripeFailure.invalid(
      'Exactly one of `unit_amount` and `unit_amount_decimal` is needed.',
      'unit_amount',
    );
  const { recurring } = params;
  if ((recurring?.usage_type === 'metered') !== (recurring?.meter !== undefined))
    throw StripeFailure.invalid('Metered prices, and only they, need a meter.', 'recurring[meter]');
  if (recurring?.meter !== undefined) account.store.get('billing.meter', recurring.meter, 'recurring[meter]');
}

/** Gives a lookup key to one price; another one keeps it unless it is to be transferred. */
function takeLookupKey(
  account: Account,
  key: string | null | undefined,
  transfer: boolean | undefined,
  id?: string,
): void {
  const holder = account.store.all('price').find((price) => price.lookup_key === key);
  if (key === undefined || key === null || holder === undefined || holder.id === id) return;
  if (transfer !== true)
    throw StripeFailure.invalid(`A price (\`${holder.id}\`) already uses that lookup key.`, 'lookup_key');
  account.update('price', holder.id, { lookup_key: null });
}

function amountsOf(
  params: NewPrice,
): Pick<Price, 'unit_amount' | 'unit_amount_decimal' | 'tiers' | 'tiers_mode'> {
  if (params.billing_scheme === 'per_unit')
    return {
      unit_amount: params.unit_amount ?? wholeUnits(params.unit_amount_decimal),
      unit_amount_decimal: decimalOf(params.unit_amount, params.unit_amount_decimal),
      tiers_mode: null,
    };
  const tiers = (params.tiers ?? []).map((each) => ({
    up_to: each.up_to,
    flat_amount: each.flat_amount ?? null,
    flat_amount_decimal: decimalOf(each.flat_amount, undefined),
    unit_amount: each.unit_amount ?? wholeUnits(each.unit_amount_decimal),
    unit_amount_decimal: decimalOf(each.unit_amount, each.unit_amount_decimal),
  }));
  return { unit_amount: null, unit_amount_decimal: null, tiers_mode: params.tiers_mode ?? null, tiers };
}

function createPrice(account: Account, params: NewPrice): Price {
  checkAmounts(account, params);
  takeLookupKey(account, params.lookup_key, params.transfer_lookup_key);
  if ((params.product === undefined) === (params.product_data === undefined))
    throw StripeFailure.invalid('Exactly one of `product` and `product_data` is needed.', 'product');
  const product = params.product_data
    ? createProduct(account, params.product_data)
    : account.store.get('product', params.product ?? '', 'product');
  return account.create<Price>({
    id: account.store.newId('price'),
    object: 'price',
    active: params.active,
    billing_scheme: params.billing_scheme,
    created: account.now(),
    currency: params.currency,
    custom_unit_amount: null,
    livemode: false,
    lookup_key: params.lookup_key ?? null,
    metadata: mergeMetadata({}, params.metadata),
    nickname: params.nickname ?? null,
    product: product.id,
    recurring: params.recurring
      ? { ...params.recurring, meter: params.recurring.meter ?? null, trial_period_days: null }
      : null,
    tax_behavior: params.tax_behavior,
    transform_quantity: params.transform_quantity ?? null,
    type: params.recurring ? 'recurring' : 'one_time',
    ...amountsOf(params),
  });
}

const filters = {
  active: bool.optional(),
  currency: currency.optional(),
  lookup_keys: list(text).optional(),
  product: text.optional(),
  type: z.enum(['one_time', 'recurring']).optional(),
};

export const priceRoutes = [
  route('POST /v1/prices', shape, ({ account, params }) => createPrice(account, params)),
  route('GET /v1/prices', { ...listShape, ...filters }, ({ account, params, path }) => {
    const rows = account.store
      .all('price')
      .filter(
        (price) =>
          price.active === (params.active ?? price.active) && price.type === (params.type ?? price.type),
      )
      .filter((price) => price.currency === (params.currency ?? price.currency))
      .filter((price) => price.product === (params.product ?? price.product))
      .filter((price) => params.lookup_keys?.includes(price.lookup_key ?? '') ?? true);
    return pageOf(rows.toReversed(), path, params);
  }),
  route('GET /v1/prices/:id', {}, ({ account, ids: [id = ''] }) => account.store.get('price', id)),
  route(
    'POST /v1/prices/:id',
    {
      active: bool.optional(),
      nickname: clearable(text).optional(),
      lookup_key: clearable(text).optional(),
      transfer_lookup_key: bool.optional(),
      metadata: metadata.optional(),
    },
    ({ account, params: { transfer_lookup_key: transfer, ...params }, ids: [id = ''] }) => {
      const existing = account.store.get('price', id);
      takeLookupKey(account, params.lookup_key, transfer, id);
      return account.update('price', id, {
        ...params,
        metadata: mergeMetadata(existing.metadata, params.metadata),
      });
    },
  ),
];
