import { z } from '@hono/zod-openapi';
import type { Account } from '../account/account.ts';
import type { Customer } from '../account/stored.ts';
import { StripeFailure } from '../http/errors.ts';
import { isWithin, pageOf } from '../http/lists.ts';
import {
  addressParam,
  clearable,
  created,
  int,
  listShape,
  mergeMetadata,
  metadata,
  text,
} from '../http/params.ts';
import { route } from '../http/router.ts';
import { cancelSubscription } from '../subscriptions/cancel.ts';

const shape = {
  address: clearable(addressParam).optional(),
  balance: int.optional(),
  description: clearable(text).optional(),
  email: clearable(text).optional(),
  invoice_settings: z.strictObject({ default_payment_method: clearable(text).optional() }).optional(),
  metadata: metadata.optional(),
  name: clearable(text).optional(),
  phone: clearable(text).optional(),
  tax_exempt: z.enum(['none', 'exempt', 'reverse']).optional(),
};
type CustomerChange = z.output<z.ZodObject<typeof shape>>;

const EMPTY_ADDRESS = { city: null, country: null, line1: null, line2: null, postal_code: null, state: null };

/** The fields that a request changes. */
function changeOf(
  account: Account,
  existing: Customer,
  { address, metadata, ...params }: CustomerChange,
): Partial<Customer> {
  const method = params.invoice_settings?.default_payment_method;
  if (method && account.store.get('payment_method', method).customer !== existing.id)
    throw StripeFailure.invalid(
      'The payment method is not attached to the customer.',
      'invoice_settings[default_payment_method]',
    );
  return {
    ...params,
    ...(address === undefined ? {} : { address: address && { ...EMPTY_ADDRESS, ...address } }),
    metadata: mergeMetadata(existing.metadata, metadata),
    invoice_settings: { ...existing.invoice_settings, ...params.invoice_settings },
  };
}

function blankCustomer(account: Account, testClock: string | null): Customer {
  const id = account.store.newId('cus');
  return {
    id,
    object: 'customer',
    address: null,
    balance: 0,
    created: account.now(testClock),
    currency: null,
    default_source: null,
    delinquent: false,
    description: null,
    discount: null,
    email: null,
    invoice_prefix: id.slice(4, 12).toUpperCase(),
    invoice_settings: {
      custom_fields: null,
      default_payment_method: null,
      footer: null,
      rendering_options: null,
    },
    livemode: false,
    metadata: {},
    name: null,
    next_invoice_sequence: 1,
    phone: null,
    preferred_locales: [],
    shipping: null,
    tax_exempt: 'none',
    test_clock: testClock,
  };
}

/** Creates a customer, on a test clock if one is named. */
export function createCustomer(account: Account, params: CustomerChange & { test_clock?: string }): Customer {
  const { test_clock: testClock = null, ...change } = params;
  if (testClock !== null) account.store.get('test_helpers.test_clock', testClock, 'test_clock');
  const blank = blankCustomer(account, testClock);
  return account.create({ ...blank, ...changeOf(account, blank, change) });
}

/** Deletes a customer; their subscriptions end at once. */
function deleteCustomer(account: Account, id: string) {
  const customer = account.store.get('customer', id);
  for (const subscription of account.store.all('subscription'))
    if (subscription.customer === id && subscription.ended_at === null)
      cancelSubscription(account, subscription.id, { prorate: false, invoiceNow: false });
  account.announce('deleted', customer);
  account.store.put({ ...customer, deleted: true } as unknown as Customer);
  return { id, object: 'customer', deleted: true };
}

const isDeleted = (customer: Customer) => Boolean(customer.deleted as unknown);

export const customerRoutes = [
  route('POST /v1/customers', { ...shape, test_clock: text.optional() }, ({ account, params }) =>
    createCustomer(account, params),
  ),
  route(
    'GET /v1/customers',
    { ...listShape, ...created, email: text.optional(), test_clock: text.optional() },
    ({ account, params, path }) => {
      const rows = account.store
        .all('customer')
        .filter((each) => !isDeleted(each) && each.email === (params.email ?? each.email))
        .filter((each) => isWithin(each.created, params.created))
        .filter((each) => (each.test_clock ?? undefined) === params.test_clock);
      return pageOf(rows.toReversed(), path, params);
    },
  ),
  route('GET /v1/customers/:id', {}, ({ account, ids: [id = ''] }) => {
    const customer = account.store.get('customer', id);
    return isDeleted(customer) ? { id, object: 'customer', deleted: true } : customer;
  }),
  route('POST /v1/customers/:id', shape, ({ account, params, ids: [id = ''] }) => {
    const existing = account.store.get('customer', id);
    if (isDeleted(existing)) throw StripeFailure.missing('customer', id, 'id');
    return account.update('customer', id, changeOf(account, existing, params));
  }),
  route('DELETE /v1/customers/:id', {}, ({ account, ids: [id = ''] }) => deleteCustomer(account, id)),
];
