import { z } from '@hono/zod-openapi';
import type { Account } from '../account/account.ts';
import type { Product } from '../account/stored.ts';
import { pageOf } from '../http/lists.ts';
import { anyOf, customData, pageShape, text } from '../http/params.ts';
import { present } from '../http/present.ts';
import { route } from '../http/router.ts';

export const productShape = {
  name: text,
  tax_category: z.enum(['standard', 'saas', 'digital-goods']),
  description: text.nullable().default(null),
  image_url: text.nullable().default(null),
  custom_data: customData,
};
type NewProduct = z.output<z.ZodObject<typeof productShape>>;

export function createProduct(account: Account, params: NewProduct, type: Product['type']): Product {
  const now = account.nowIso();
  return account.create<Product>({
    id: account.newId('pro'),
    object: 'product',
    ...params,
    type,
    status: 'active',
    created_at: now,
    updated_at: now,
    import_meta: null,
  });
}

export const productRoutes = [
  route('POST /products', productShape, ({ account, params }) =>
    present(createProduct(account, params, 'standard')),
  ),
  route(
    'GET /products',
    { ...pageShape, id: anyOf, status: anyOf, type: anyOf },
    ({ account, params, url }) => {
      const rows = account.store
        .all('product')
        .filter(
          ({ id, status, type }) =>
            params.id?.includes(id) !== false &&
            params.status?.includes(status) !== false &&
            (params.type ?? ['standard']).includes(type),
        );
      return pageOf(rows.toReversed(), url, params);
    },
  ),
  route('GET /products/:id', {}, ({ account, ids: [id = ''] }) => present(account.store.get('product', id))),
];
