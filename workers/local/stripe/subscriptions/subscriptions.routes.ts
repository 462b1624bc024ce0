import { z } from '@hono/zod-openapi';
import type { Account } from '../account/account.ts';
import type { Subscription } from '../account/stored.ts';
import { StripeFailure } from '../http/errors.ts';
import { isWithin, pageOf } from '../http/lists.ts';
import { bool, clearable, created, list, listShape, metadata, positive, text } from '../http/params.ts';
import { route } from '../http/router.ts';
import { cancelSubscription } from './cancel.ts';
import { changeSubscription } from './change.ts';
import { createSubscription } from './create.ts';
import { resumeSubscription } from './resume.ts';
import { changeShape, newSubscriptionShape, prorationBehavior } from './subscriptions.params.ts';

const STATUSES = [
  'active',
  'canceled',
  'incomplete',
  'incomplete_expired',
  'past_due',
  'paused',
  'trialing',
  'unpaid',
] as const;

/** Without a status, those that are not over. */
function hasStatus({ status }: Subscription, wanted: string | undefined): boolean {
  if (wanted === 'all') return true;
  if (wanted === 'ended') return status === 'canceled' || status === 'incomplete_expired';
  return wanted === undefined ? status !== 'canceled' && status !== 'incomplete_expired' : status === wanted;
}

function owner(account: Account, item: string): Subscription {
  const found = account.store
    .all('subscription')
    .find((each) => each.items.data.some(({ id }) => id === item));
  if (!found) throw StripeFailure.missing('subscription_item', item, 'id');
  return found;
}

const itemOf = (subscription: Subscription, id: string | undefined) =>
  subscription.items.data.find((item) => item.id === id) ?? subscription.items.data.at(-1);

const itemShape = {
  price: text.optional(),
  quantity: positive.optional(),
  metadata: metadata.optional(),
  tax_rates: clearable(list(text)).optional(),
  proration_behavior: prorationBehavior.optional(),
};

const filters = {
  customer: text.optional(),
  price: text.optional(),
  status: z.enum(['all', 'ended', ...STATUSES]).optional(),
  test_clock: text.optional(),
};

const subscriptionRoutesOnly = [
  route('POST /v1/subscriptions', newSubscriptionShape, ({ account, params }) =>
    createSubscription(account, params),
  ),
  route('GET /v1/subscriptions', { ...listShape, ...created, ...filters }, ({ account, params, path }) => {
    const rows = account.store
      .all('subscription')
      .filter(
        (each) => each.customer === (params.customer ?? each.customer) && hasStatus(each, params.status),
      )
      .filter((each) => isWithin(each.created, params.created))
      .filter((each) => params.test_clock === undefined || each.test_clock === params.test_clock)
      .filter(
        (each) =>
          params.price === undefined || each.items.data.some(({ price }) => price.id === params.price),
      );
    return pageOf(rows.toReversed(), path, params);
  }),
  route('GET /v1/subscriptions/:id', {}, ({ account, ids: [id = ''] }) =>
    account.store.get('subscription', id),
  ),
  route('POST /v1/subscriptions/:id', changeShape, ({ account, params, ids: [id = ''] }) =>
    changeSubscription(account, id, params),
  ),
  route(
    'DELETE /v1/subscriptions/:id',
    { prorate: bool.default(false), invoice_now: bool.default(false) },
    ({ account, params, ids: [id = ''] }) =>
      cancelSubscription(account, id, { prorate: params.prorate, invoiceNow: params.invoice_now }),
  ),
  route(
    'POST /v1/subscriptions/:id/resume',
    { billing_cycle_anchor: z.literal('now').optional(), proration_behavior: prorationBehavior.optional() },
    ({ account, ids: [id = ''] }) => resumeSubscription(account, id),
  ),
];

const itemRoutes = [
  route(
    'POST /v1/subscription_items',
    { ...itemShape, subscription: text, price: text },
    ({ account, params }) => {
      const { subscription, proration_behavior, ...item } = params;
      return itemOf(
        changeSubscription(account, subscription, { items: [item], proration_behavior }),
        undefined,
      );
    },
  ),
  route('GET /v1/subscription_items', { ...listShape, subscription: text }, ({ account, params, path }) =>
    pageOf(account.store.get('subscription', params.subscription, 'subscription').items.data, path, params),
  ),
  route('GET /v1/subscription_items/:id', {}, ({ account, ids: [id = ''] }) =>
    itemOf(owner(account, id), id),
  ),
  route('POST /v1/subscription_items/:id', itemShape, ({ account, params, ids: [id = ''] }) => {
    const { proration_behavior, ...item } = params;
    return itemOf(
      changeSubscription(account, owner(account, id).id, { items: [{ ...item, id }], proration_behavior }),
      id,
    );
  }),
  route(
    'DELETE /v1/subscription_items/:id',
    { proration_behavior: prorationBehavior.optional() },
    ({ account, params, ids: [id = ''] }) => {
      changeSubscription(account, owner(account, id).id, { items: [{ id, deleted: true }], ...params });
      return { id, object: 'subscription_item', deleted: true };
    },
  ),
];

export const subscriptionRoutes = [...subscriptionRoutesOnly, ...itemRoutes];
