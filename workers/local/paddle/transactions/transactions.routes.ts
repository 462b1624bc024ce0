import { z } from '@hono/zod-openapi';
import type { Account } from '../account/account.ts';
import type { LineInput, Transaction } from '../account/stored.ts';
import { usableDiscount } from '../catalog/discounts.ts';
import { priceItem, priceOf } from '../catalog/prices.ts';
import { PaddleFailure } from '../http/errors.ts';
import { pageOf } from '../http/lists.ts';
import { anyOf, customData, moment, pageShape, text } from '../http/params.ts';
import { present } from '../http/present.ts';
import { route } from '../http/router.ts';
import { cycleOf } from '../subscriptions/create.ts';
import { createTransaction } from './create.ts';

const reference = text.nullable().default(null);
export const newTransactionShape = {
  items: z.array(priceItem).min(1).max(100),
  customer_id: reference,
  address_id: reference,
  business_id: reference,
  discount_id: reference,
  custom_data: customData,
  checkout: z.strictObject({ url: z.url().nullable().optional() }).nullable().default(null),
};

function create(account: Account, params: z.output<z.ZodObject<typeof newTransactionShape>>): Transaction {
  if (params.customer_id !== null) account.store.get('customer', params.customer_id);
  const lines = params.items.map((item): LineInput => {
    const price = priceOf(account, item);
    return { price, quantity: item.quantity, sign: 1, share: null, isTrial: price.trial_period !== null };
  });
  cycleOf(lines.map(({ price }) => price));
  return createTransaction(account, {
    customer: params.customer_id,
    address: params.address_id,
    business: params.business_id,
    discount: params.discount_id === null ? null : usableDiscount(account, params.discount_id),
    lines,
    origin: 'api',
    customData: params.custom_data,
    subscription: null,
    period: null,
    checkoutUrl: params.checkout?.url ?? undefined,
  });
}

/** Stops the checkout of a transaction that is not paid. */
function cancel(account: Account, id: string): Transaction {
  const { status } = account.store.get('transaction', id);
  if (!['draft', 'ready', 'billed', 'past_due'].includes(status))
    throw new PaddleFailure(
      400,
      'transaction_immutable',
      `cannot update transaction, as transaction is ${status}`,
    );
  return account.update('transaction', id, { status: 'canceled' }, 'canceled');
}

const listShape = {
  ...pageShape,
  id: anyOf,
  customer_id: anyOf,
  subscription_id: anyOf,
  status: anyOf,
  origin: anyOf,
  'updated_at[GTE]': moment.optional(),
};

/** An adjustment is asked for by name. */
const shown = (account: Account, row: Transaction, include: readonly string[] = []) => ({
  ...present(row),
  ...(include.includes('adjustments')
    ? {
        adjustments: account.store
          .all('adjustment')
          .filter((each) => each.transaction_id === row.id)
          .map(present),
      }
    : {}),
});
const include = anyOf;

export const transactionRoutes = [
  route('POST /transactions', newTransactionShape, ({ account, params }) => present(create(account, params))),
  route('GET /transactions', { ...listShape, include }, ({ account, params, url }) => {
    const has = (wanted: string[] | undefined, value: string | null) =>
      wanted?.includes(value ?? '') !== false;
    const since = params['updated_at[GTE]'];
    const rows = account.store
      .all('transaction')
      .filter((each) => has(params.id, each.id) && has(params.customer_id, each.customer_id))
      .filter((each) => has(params.subscription_id, each.subscription_id) && has(params.status, each.status))
      .filter((each) => has(params.origin, each.origin))
      .filter((each) => since === undefined || Date.parse(each.updated_at) >= Date.parse(since));
    return pageOf(rows.toReversed(), url, params, (row: Transaction) => shown(account, row, params.include));
  }),
  route('GET /transactions/:id', { include }, ({ account, params, ids: [id = ''] }) =>
    shown(account, account.store.get('transaction', id), params.include),
  ),
  route('PATCH /transactions/:id', { status: z.literal('canceled') }, ({ account, ids: [id = ''] }) =>
    present(cancel(account, id)),
  ),
  route(
    'GET /transactions/:id/invoice',
    { disposition: z.enum(['attachment', 'inline']).default('attachment') },
    ({ account, ids: [id = ''] }) => {
      const { invoice_number: number } = account.store.get('transaction', id);
      if (number === null)
        throw new PaddleFailure(404, 'transaction_not_ready_for_invoice', 'There is no invoice yet.');
      return { url: `${account.url}/invoices/${id}/pdf` };
    },
  ),
];
