import { z } from '@hono/zod-openapi';
import type { Account } from '../account/account.ts';
import type { Address, Business } from '../account/stored.ts';
import { pageOf } from '../http/lists.ts';
import { customData, pageShape, text } from '../http/params.ts';
import { present } from '../http/present.ts';
import { route } from '../http/router.ts';

const line = text.nullable().default(null);
export const addressShape = {
  country_code: z.string().regex(/^[A-Z]{2}$/),
  description: line,
  first_line: line,
  second_line: line,
  city: line,
  postal_code: line,
  region: line,
  custom_data: customData,
};
export const businessShape = {
  name: text,
  company_number: line,
  tax_identifier: line,
  contacts: z.array(z.strictObject({ name: line, email: z.email() })).default([]),
  custom_data: customData,
};

const base = (account: Account, customer: string) => {
  account.store.get('customer', customer);
  const now = account.nowIso();
  return {
    customer_id: customer,
    status: 'active' as const,
    created_at: now,
    updated_at: now,
    import_meta: null,
  };
};

export function createAddress(
  account: Account,
  customer: string,
  params: z.input<z.ZodObject<typeof addressShape>>,
): Address {
  const parsed = z.strictObject(addressShape).parse(params);
  return account.create<Address>({
    id: account.newId('add'),
    object: 'address',
    ...parsed,
    ...base(account, customer),
  });
}

export const createBusiness = (
  account: Account,
  customer: string,
  params: z.input<z.ZodObject<typeof businessShape>>,
): Business =>
  account.create<Business>({
    id: account.newId('biz'),
    object: 'business',
    ...z.strictObject(businessShape).parse(params),
    ...base(account, customer),
  });

export const addressRoutes = [
  route('POST /customers/:id/addresses', addressShape, ({ account, params, ids: [customer = ''] }) =>
    present(createAddress(account, customer, params)),
  ),
  route('GET /customers/:id/addresses', pageShape, ({ account, params, url, ids: [customer] }) => {
    const rows = account.store.all('address').filter((each) => each.customer_id === customer);
    return pageOf(rows.toReversed(), url, params);
  }),
  route('POST /customers/:id/businesses', businessShape, ({ account, params, ids: [customer = ''] }) =>
    present(createBusiness(account, customer, params)),
  ),
  route('GET /customers/:id/businesses', pageShape, ({ account, params, url, ids: [customer] }) => {
    const rows = account.store.all('business').filter((each) => each.customer_id === customer);
    return pageOf(rows.toReversed(), url, params);
  }),
];
