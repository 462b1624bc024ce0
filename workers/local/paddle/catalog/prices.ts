import { z } from '@hono/zod-openapi';
import type { Account } from '../account/account.ts';
import type { Price } from '../account/stored.ts';
import { PaddleFailure } from '../http/errors.ts';
import { pageOf } from '../http/lists.ts';
import {
  anyOf,
  currencyCode,
  customData,
  cycle,
  minorUnits,
  pageShape,
  quantity,
  text,
} from '../http/params.ts';
import { present } from '../http/present.ts';
import { route } from '../http/router.ts';
import { createProduct, productShape } from './products.ts';

const priceShape = {
  description: text,
  name: text.nullable().default(null),
  unit_price: z.strictObject({ amount: minorUnits, currency_code: currencyCode }),
  billing_cycle: cycle.nullable().default(null),
  trial_period: cycle
    .extend({ requires_payment_method: z.literal(true).default(true) })
    .nullable()
    .default(null),
  tax_mode: z.enum(['account_setting', 'external', 'internal']).default('account_setting'),
  quantity: z.strictObject({ minimum: quantity, maximum: quantity }).default({ minimum: 1, maximum: 100 }),
  custom_data: customData,
};
export const newPriceShape = { ...priceShape, product_id: text };
/** A price that is made for one transaction or subscription. */
const inlinePrice = z.strictObject({
  ...priceShape,
  product_id: text.optional(),
  product: z.strictObject(productShape).optional(),
});
/** A price of the catalogue, or one of its own. */
export const priceItem = z.strictObject({
  price_id: text.optional(),
  price: inlinePrice.optional(),
  quantity,
});
/** A single charge: such a price neither recurs nor has a trial. */
export const chargeItem = priceItem.extend({
  price: inlinePrice
    .omit({ billing_cycle: true, trial_period: true })
    .transform((price) => ({ ...price, billing_cycle: null, trial_period: null }))
    .optional(),
});
export type PriceItem = z.output<typeof priceItem>;

function createPrice(
  account: Account,
  params: z.output<z.ZodObject<typeof newPriceShape>>,
  type: Price['type'],
): Price {
  account.store.get('product', params.product_id);
  const now = account.nowIso();
  return account.create<Price>({
    id: account.newId('pri'),
    object: 'price',
    ...params,
    type,
    unit_price_overrides: [],
    status: 'active',
    created_at: now,
    updated_at: now,
    import_meta: null,
  });
}

/** The price of an item, made when it is one of its own. @throws PaddleFailure when the quantity is not allowed */
export function priceOf(account: Account, item: PriceItem): Price {
  const { price_id: id, price: inline } = item;
  if ((id === undefined) === (inline === undefined))
    throw PaddleFailure.field('items', 'each needs either price_id or price');
  let price: Price;
  if (inline) {
    const { product, product_id, ...rest } = inline;
    if ((product === undefined) === (product_id === undefined))
      throw PaddleFailure.field('items.price', 'needs either product_id or product');
    const productId = product ? createProduct(account, product, 'custom').id : (product_id ?? '');
    price = createPrice(account, { ...rest, product_id: productId }, 'custom');
  } else price = account.store.get('price', id ?? '');
  const { minimum, maximum } = price.quantity;
  if (item.quantity < minimum || item.quantity > maximum)
    throw PaddleFailure.field('items.quantity', `must be from ${minimum} to ${maximum}`);
  return price;
}

const filters = { ...pageShape, id: anyOf, product_id: anyOf, status: anyOf, type: anyOf };

export const priceRoutes = [
  route('POST /prices', newPriceShape, ({ account, params }) =>
    present(createPrice(account, params, 'standard')),
  ),
  route('GET /prices', filters, ({ account, params, url }) => {
    // Prices of their own are in a list only when they are asked for, by type or by id.
    const types = params.type ?? (params.id ? ['standard', 'custom'] : ['standard']);
    const rows = account.store
      .all('price')
      .filter((each) => types.includes(each.type) && params.id?.includes(each.id) !== false)
      .filter((each) => params.product_id?.includes(each.product_id) !== false)
      .filter((each) => params.status?.includes(each.status) !== false);
    return pageOf(rows.toReversed(), url, params);
  }),
  route('GET /prices/:id', {}, ({ account, ids: [id = ''] }) => present(account.store.get('price', id))),
  route(
    'PATCH /prices/:id',
    { status: z.enum(['active', 'archived']) },
    ({ account, params, ids: [id = ''] }) => present(account.update('price', id, params)),
  ),
];
