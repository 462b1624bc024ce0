import { z } from '@hono/zod-openapi';
import type { Account } from '../account/account.ts';
import type { Customer } from '../account/stored.ts';
import { PaddleFailure } from '../http/errors.ts';
import { pageOf } from '../http/lists.ts';
import { anyOf, customData, pageShape, text } from '../http/params.ts';
import { present } from '../http/present.ts';
import { route } from '../http/router.ts';

export const newCustomerShape = {
  email: z.email().max(320),
  name: text.nullable().default(null),
  locale: text.default('en'),
  custom_data: customData,
};
const changeShape = {
  email: z.email().max(320).optional(),
  name: text.nullable().optional(),
  status: z.enum(['active', 'archived']).optional(),
  custom_data: z.record(z.string(), z.unknown()).nullable().optional(),
};

/** An address belongs to one customer of an account. */
function requireFreeEmail(account: Account, email: string, own?: string): void {
  const taken = account.store
    .all('customer')
    .find((each) => each.email.toLowerCase() === email.toLowerCase() && each.id !== own);
  if (taken)
    throw new PaddleFailure(
      409,
      'customer_already_exists',
      `customer email conflicts with customer of id ${taken.id}`,
    );
}

export function createCustomer(
  account: Account,
  params: z.output<z.ZodObject<typeof newCustomerShape>>,
): Customer {
  requireFreeEmail(account, params.email);
  const now = account.nowIso();
  return account.create<Customer>({
    id: account.newId('ctm'),
    object: 'customer',
    ...params,
    marketing_consent: false,
    status: 'active',
    created_at: now,
    updated_at: now,
    import_meta: null,
  });
}

export const customerRoutes = [
  route('POST /customers', newCustomerShape, ({ account, params }) =>
    present(createCustomer(account, params)),
  ),
  route(
    'GET /customers',
    { ...pageShape, id: anyOf, email: anyOf, status: anyOf },
    ({ account, params, url }) => {
      const emails = params.email?.map((each) => each.toLowerCase());
      const rows = account.store
        .all('customer')
        .filter((each) => params.id?.includes(each.id) !== false)
        .filter((each) => emails?.includes(each.email.toLowerCase()) !== false)
        .filter((each) => (params.status ?? ['active']).includes(each.status));
      return pageOf(rows.toReversed(), url, params);
    },
  ),
  route('GET /customers/:id', {}, ({ account, ids: [id = ''] }) =>
    present(account.store.get('customer', id)),
  ),
  route('PATCH /customers/:id', changeShape, ({ account, params, ids: [id = ''] }) => {
    if (params.email !== undefined) requireFreeEmail(account, params.email, id);
    return present(account.update('customer', id, params as Partial<Customer>));
  }),
  route('GET /customers/:id/credit-balances', {}, ({ account, ids: [id = ''] }) => {
    account.store.get('customer', id);
    return account.store
      .all('balance')
      .filter((each) => each.customer_id === id)
      .map(({ customer_id, currency_code, available, used }) => ({
        customer_id,
        currency_code,
        balance: { available: String(available), reserved: '0', used: String(used) },
      }));
  }),
];
