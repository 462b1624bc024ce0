import { clearable, bool, list, listShape, mergeMetadata, metadata, text } from '../http/params.ts';
import { pageOf } from '../http/lists.ts';
import { route } from '../http/router.ts';
import type { Account } from '../account/account.ts';
import type { Rows } from '../account/stored.ts';

const shape = {
  name: text,
  active: bool.optional(),
  description: clearable(text).optional(),
  metadata: metadata.optional(),
  tax_code: clearable(text).optional(),
  unit_label: clearable(text).optional(),
};

interface NewProduct {
  id?: string;
  name: string;
  active?: boolean;
  description?: string | null;
  metadata?: Record<string, string> | null;
  tax_code?: string | null;
  unit_label?: string | null;
}

export function createProduct(account: Account, params: NewProduct): Rows['product'] {
  const created = account.now();
  return account.create<Rows['product']>({
    id: params.id ?? account.store.newId('prod'),
    object: 'product',
    active: params.active ?? true,
    created,
    default_price: null,
    description: params.description ?? null,
    images: [],
    livemode: false,
    marketing_features: [],
    metadata: mergeMetadata({}, params.metadata),
    name: params.name,
    package_dimensions: null,
    shippable: null,
    statement_descriptor: null,
    tax_code: params.tax_code ?? null,
    tax_details: null,
    type: 'service',
    unit_label: params.unit_label ?? null,
    updated: created,
    url: null,
  });
}

export const productRoutes = [
  route('POST /v1/products', { ...shape, id: text.optional() }, ({ account, params }) =>
    createProduct(account, params),
  ),
  route(
    'GET /v1/products',
    { ...listShape, active: bool.optional(), ids: list(text).optional() },
    ({ account, params, path }) => {
      const rows = account.store
        .all('product')
        .filter(
          ({ id, active }) => (params.ids?.includes(id) ?? true) && active === (params.active ?? active),
        );
      return pageOf(rows.toReversed(), path, params);
    },
  ),
  route('GET /v1/products/:id', {}, ({ account, ids: [id = ''] }) => account.store.get('product', id)),
  route(
    'POST /v1/products/:id',
    { ...shape, name: text.optional() },
    ({ account, params, ids: [id = ''] }) => {
      const existing = account.store.get('product', id);
      return account.update('product', id, {
        ...params,
        metadata: mergeMetadata(existing.metadata, params.metadata),
        updated: account.now(),
      });
    },
  ),
];
