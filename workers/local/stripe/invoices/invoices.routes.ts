import { z } from '@hono/zod-openapi';
import type { Account } from '../account/account.ts';
import type { Invoice } from '../account/stored.ts';
import { StripeFailure } from '../http/errors.ts';
import { isWithin, listOf, pageOf } from '../http/lists.ts';
import {
  bool,
  clearable,
  created,
  currency,
  listShape,
  mergeMetadata,
  metadata,
  positive,
  text,
} from '../http/params.ts';
import { route } from '../http/router.ts';
import { subscriptionOf } from './blank.ts';
import { closeInvoice } from './close.ts';
import { collect, markPaid } from './collect.ts';
import { draftInvoice, invoiceOf } from './draft.ts';
import { finalize } from './finalize.ts';
import { previewInvoice, previewShape } from './preview.ts';

function requireStatus(invoice: Invoice, ...statuses: string[]): Invoice {
  if (statuses.includes(invoice.status ?? '')) return invoice;
  throw StripeFailure.invalid(
    `The invoice is ${invoice.status}, not ${statuses.join(' or ')}.`,
    'id',
    'invoice_not_editable',
  );
}

const newShape = {
  auto_advance: bool.default(false),
  collection_method: z.enum(['charge_automatically', 'send_invoice']).default('charge_automatically'),
  currency: currency.optional(),
  customer: text,
  days_until_due: positive.optional(),
  description: text.optional(),
  metadata: metadata.optional(),
  subscription: text.optional(),
};

/** An invoice of the pending items, made by somebody. */
function createInvoice(account: Account, params: z.output<z.ZodObject<typeof newShape>>): Invoice {
  const now = account.nowOf(params.customer);
  const subscription =
    params.subscription === undefined
      ? null
      : account.store.get('subscription', params.subscription, 'subscription');
  const period = { start: now, end: now };
  const base = subscription ? invoiceOf(subscription, 'subscription_update', period) : undefined;
  return draftInvoice(
    account,
    {
      customer: params.customer,
      subscription,
      reason: base?.reason ?? 'manual',
      currency: params.currency ?? subscription?.currency ?? 'usd',
      period,
      autoAdvance: params.auto_advance,
      collectionMethod: params.collection_method,
      daysUntilDue: params.days_until_due ?? null,
      description: params.description ?? null,
      metadata: mergeMetadata({}, params.metadata),
    },
    [],
  );
}

function payInvoice(
  account: Account,
  id: string,
  params: { payment_method?: string; paid_out_of_band?: boolean },
): Invoice {
  const invoice = requireStatus(account.store.get('invoice', id), 'draft', 'open', 'uncollectible');
  if (invoice.status === 'draft' && finalize(account, id).status === 'paid')
    return account.store.get('invoice', id);
  if (params.paid_out_of_band) return markPaid(account, id);
  const { declined, invoice: after } = collect(account, id, {
    method: params.payment_method,
    onSession: false,
  });
  if (declined) throw StripeFailure.declined(declined, true);
  return after;
}

/** Puts the items of a deleted draft back to those that wait for an invoice. */
function deleteDraft(account: Account, id: string) {
  const invoice = requireStatus(account.store.get('invoice', id), 'draft');
  if (subscriptionOf(invoice) !== null)
    throw StripeFailure.invalid(
      'An invoice of a subscription cannot be deleted.',
      'id',
      'invoice_not_editable',
    );
  for (const item of account.store.all('invoiceitem'))
    if (item.invoice === id) account.update('invoiceitem', item.id, { invoice: null }, null);
  account.announce('deleted', invoice);
  account.store.remove(id);
  return { id, object: 'invoice', deleted: true };
}

const filters = {
  collection_method: z.enum(['charge_automatically', 'send_invoice']).optional(),
  customer: text.optional(),
  status: z.enum(['draft', 'open', 'paid', 'uncollectible', 'void']).optional(),
  subscription: text.optional(),
};

const reading = [
  route('POST /v1/invoices/create_preview', previewShape, ({ account, params }) =>
    previewInvoice(account, params),
  ),
  route('GET /v1/invoices', { ...listShape, ...created, ...filters }, ({ account, params, path }) => {
    const rows = account.store
      .all('invoice')
      .filter((each) => each.customer === (params.customer ?? each.customer))
      .filter(
        (each) => each.status === (params.status ?? each.status) && isWithin(each.created, params.created),
      )
      .filter((each) => each.collection_method === (params.collection_method ?? each.collection_method))
      .filter((each) => params.subscription === undefined || subscriptionOf(each) === params.subscription);
    return pageOf(rows.toReversed(), path, params);
  }),
  route('GET /v1/invoices/:id', {}, ({ account, ids: [id = ''] }) => account.store.get('invoice', id)),
  route('GET /v1/invoices/:id/lines', listShape, ({ account, params, ids: [id = ''], path }) =>
    pageOf(account.store.get('invoice', id).lines.data, path, params),
  ),
  route('GET /v1/invoice_payments', { ...listShape, invoice: text }, ({ account, params, path }) => {
    const { payments } = account.store.get('invoice', params.invoice, 'invoice');
    return pageOf((payments ?? listOf([], path)).data, path, params);
  }),
];

const payShape = {
  payment_method: text.optional(),
  paid_out_of_band: bool.optional(),
  off_session: bool.optional(),
};
const updateShape = {
  auto_advance: bool.optional(),
  description: clearable(text).optional(),
  metadata: metadata.optional(),
  default_payment_method: clearable(text).optional(),
};

const writing = [
  route('POST /v1/invoices', newShape, ({ account, params }) => createInvoice(account, params)),
  route('POST /v1/invoices/:id', updateShape, ({ account, params, ids: [id = ''] }) => {
    const existing = requireStatus(account.store.get('invoice', id), 'draft', 'open');
    return account.update('invoice', id, {
      ...params,
      metadata: mergeMetadata(existing.metadata, params.metadata),
    });
  }),
  route(
    'POST /v1/invoices/:id/finalize',
    { auto_advance: bool.optional() },
    ({ account, params, ids: [id = ''] }) => {
      requireStatus(account.store.get('invoice', id), 'draft');
      account.update('invoice', id, params, null);
      return finalize(account, id);
    },
  ),
  route('POST /v1/invoices/:id/pay', payShape, ({ account, params, ids: [id = ''] }) =>
    payInvoice(account, id, params),
  ),
  route('POST /v1/invoices/:id/void', {}, ({ account, ids: [id = ''] }) => {
    requireStatus(account.store.get('invoice', id), 'open', 'uncollectible');
    return closeInvoice(account, id, 'void');
  }),
  route('POST /v1/invoices/:id/mark_uncollectible', {}, ({ account, ids: [id = ''] }) => {
    requireStatus(account.store.get('invoice', id), 'open');
    return closeInvoice(account, id, 'uncollectible');
  }),
  route('DELETE /v1/invoices/:id', {}, ({ account, ids: [id = ''] }) => deleteDraft(account, id)),
];

export const invoiceRoutes = [...reading, ...writing];
