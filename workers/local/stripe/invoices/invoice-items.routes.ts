import { z } from '@hono/zod-openapi';
import type { Account } from '../account/account.ts';
import type { InvoiceItem } from '../account/stored.ts';
import { StripeFailure } from '../http/errors.ts';
import { pageOf } from '../http/lists.ts';
import { bool, currency, int, listShape, mergeMetadata, metadata, text } from '../http/params.ts';
import { route } from '../http/router.ts';
import { setLines } from './draft.ts';
import { pendingLine } from './lines.ts';

const shape = {
  amount: int,
  currency,
  customer: text,
  description: text.optional(),
  discountable: bool.default(true),
  invoice: text.optional(),
  metadata: metadata.optional(),
  period: z.strictObject({ start: int, end: int }).optional(),
  subscription: text.optional(),
};

function createItem(account: Account, params: z.output<z.ZodObject<typeof shape>>): InvoiceItem {
  const now = account.nowOf(params.customer);
  if (params.subscription !== undefined)
    account.store.get('subscription', params.subscription, 'subscription');
  const item = account.create<InvoiceItem>({
    id: account.store.newId('ii'),
    object: 'invoiceitem',
    amount: params.amount,
    currency: params.currency,
    customer: params.customer,
    customer_account: null,
    date: now,
    description: params.description ?? null,
    discountable: params.discountable,
    discounts: [],
    invoice: params.invoice ?? null,
    livemode: false,
    metadata: mergeMetadata({}, params.metadata),
    net_amount: params.amount,
    parent:
      params.subscription === undefined
        ? null
        : { type: 'subscription_details', subscription_details: { subscription: params.subscription } },
    period: params.period ?? { start: now, end: now },
    pricing: null,
    proration: false,
    quantity: 1,
    quantity_decimal: '1',
    subscription_item: null,
    tax_rates: [],
    test_clock: account.clockOf(params.customer),
  });
  if (params.invoice !== undefined) addToDraft(account, params.invoice, item);
  return item;
}

function addToDraft(account: Account, id: string, item: InvoiceItem): void {
  const invoice = account.store.get('invoice', id, 'invoice');
  if (invoice.status !== 'draft')
    throw StripeFailure.invalid('The invoice is no draft.', 'invoice', 'invoice_not_editable');
  account.update(
    'invoice',
    id,
    setLines(account, invoice, [...invoice.lines.data, pendingLine(account, item)]),
  );
}

export const invoiceItemRoutes = [
  route('POST /v1/invoiceitems', shape, ({ account, params }) => createItem(account, params)),
  route(
    'GET /v1/invoiceitems',
    { ...listShape, customer: text.optional(), invoice: text.optional(), pending: bool.optional() },
    ({ account, params, path }) => {
      const rows = account.store
        .all('invoiceitem')
        .filter((each) => each.customer === (params.customer ?? each.customer))
        .filter((each) => params.invoice === undefined || each.invoice === params.invoice)
        .filter((each) => params.pending === undefined || (each.invoice === null) === params.pending);
      return pageOf(rows.toReversed(), path, params);
    },
  ),
  route('GET /v1/invoiceitems/:id', {}, ({ account, ids: [id = ''] }) =>
    account.store.get('invoiceitem', id),
  ),
  route('DELETE /v1/invoiceitems/:id', {}, ({ account, ids: [id = ''] }) => {
    const item = account.store.get('invoiceitem', id);
    if (item.invoice !== null) throw StripeFailure.invalid('The item belongs to an invoice.', 'id');
    account.announce('deleted', item);
    account.store.remove(id);
    return { id, object: 'invoiceitem', deleted: true };
  }),
];
