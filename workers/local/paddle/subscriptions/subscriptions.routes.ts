import { z } from '@hono/zod-openapi';
import type { Account } from '../account/account.ts';
import type { Subscription, Transaction } from '../account/stored.ts';
import { chargeItem } from '../catalog/prices.ts';
import { PaddleFailure } from '../http/errors.ts';
import { pageOf } from '../http/lists.ts';
import { anyOf, moment, pageShape } from '../http/params.ts';
import { present } from '../http/present.ts';
import { route } from '../http/router.ts';
import { collect, payerOf, recordFailure } from '../transactions/collect.ts';
import { changeShape } from './change.params.ts';
import { applyChange } from './change.ts';
import { addCharge } from './charge.ts';
import { included, preview } from './preview.ts';
import { activateNow } from './renew.ts';
import { cancelSubscription, pauseSubscription, resumeSubscription } from './schedule.ts';

const effectiveFrom = z.enum(['next_billing_period', 'immediately']);
const onResume = z
  .enum(['continue_existing_billing_period', 'start_new_billing_period'])
  .default('start_new_billing_period');
export const cancelShape = { effective_from: effectiveFrom.default('next_billing_period') };
export const pauseShape = {
  ...cancelShape,
  resume_at: moment.nullable().default(null),
  on_resume: onResume,
};
export const resumeShape = {
  effective_from: z.union([z.literal('immediately'), moment]),
  on_resume: onResume,
};
export const chargeShape = {
  effective_from: effectiveFrom,
  items: z.array(chargeItem).min(1).max(100),
  on_payment_failure: z.enum(['prevent_change', 'apply_change']).default('prevent_change'),
};

/**
 * Collects the invoice of a change. When the payment fails, the change does not happen, or leaves arrears.
 * @throws PaddleFailure `subscription_payment_declined`
 */
function collectNow(
  account: Account,
  id: string,
  bill: Transaction | undefined,
  onFailure: 'prevent_change' | 'apply_change',
): Omit<Subscription, 'object' | 'own'> {
  if (bill !== undefined) {
    const { own } = account.store.get('subscription', id);
    const error = collect(account, bill.id, payerOf(account, own.method));
    if (error !== null && onFailure === 'prevent_change')
      throw new PaddleFailure(400, 'subscription_payment_declined', 'The payment was declined.');
    if (error !== null) recordFailure(account, bill.id);
  }
  return present(account.store.get('subscription', id));
}

const listShape = { ...pageShape, id: anyOf, customer_id: anyOf, status: anyOf };

const readRoutes = [
  route('GET /subscriptions', listShape, ({ account, params, url }) => {
    const rows = account.store
      .all('subscription')
      .filter((each) => params.id?.includes(each.id) !== false)
      .filter((each) => params.customer_id?.includes(each.customer_id) !== false)
      .filter((each) => params.status?.includes(each.status) !== false);
    return pageOf(rows.toReversed(), url, params);
  }),
  route('GET /subscriptions/:id', { include: anyOf }, ({ account, params, ids: [id = ''] }) =>
    included(account, account.store.get('subscription', id), params.include ?? []),
  ),
];

const changeRoutes = [
  route('PATCH /subscriptions/:id', changeShape, ({ account, params, ids: [id = ''] }) =>
    collectNow(account, id, applyChange(account, id, params), params.on_payment_failure),
  ),
  route('PATCH /subscriptions/:id/preview', changeShape, ({ account, params, ids: [id = ''] }) =>
    preview(account, id, () => applyChange(account, id, params)),
  ),
  route('POST /subscriptions/:id/charge', chargeShape, ({ account, params, ids: [id = ''] }) =>
    collectNow(
      account,
      id,
      addCharge(account, id, params.items, params.effective_from),
      params.on_payment_failure,
    ),
  ),
  route('POST /subscriptions/:id/charge/preview', chargeShape, ({ account, params, ids: [id = ''] }) =>
    preview(account, id, () => addCharge(account, id, params.items, params.effective_from)),
  ),
];

const stepRoutes = [
  route('POST /subscriptions/:id/activate', {}, ({ account, ids: [id = ''] }) => {
    activateNow(account, id);
    return present(account.store.get('subscription', id));
  }),
  route('POST /subscriptions/:id/cancel', cancelShape, ({ account, params, ids: [id = ''] }) =>
    present(cancelSubscription(account, id, params.effective_from)),
  ),
  route('POST /subscriptions/:id/pause', pauseShape, ({ account, params, ids: [id = ''] }) => {
    const { effective_from: from, resume_at: resumeAt, on_resume } = params;
    return present(pauseSubscription(account, id, { from, resumeAt, onResume: on_resume }));
  }),
  route('POST /subscriptions/:id/resume', resumeShape, ({ account, params, ids: [id = ''] }) =>
    present(resumeSubscription(account, id, params.effective_from, params.on_resume)),
  ),
];

export const subscriptionRoutes = [...readRoutes, ...changeRoutes, ...stepRoutes];
