import { z } from '@hono/zod-openapi';
import type { PortalSession } from '../account/stored.ts';
import { text } from '../http/params.ts';
import { present } from '../http/present.ts';
import { route } from '../http/router.ts';

export const portalRoutes = [
  route(
    'POST /customers/:id/portal-sessions',
    { subscription_ids: z.array(text).max(25).default([]) },
    ({ account, params, ids: [customer = ''] }) => {
      account.store.get('customer', customer);
      const id = account.newId('cpls');
      const page = `${account.url}/portal/${id}`;
      const subscriptions = params.subscription_ids.map((subscription) => ({
        id: account.store.get('subscription', subscription).id,
        cancel_subscription: `${page}?action=cancel_subscription&subscription_id=${subscription}`,
        update_subscription_payment_method: `${page}?action=update_payment_method&subscription_id=${subscription}`,
      }));
      return present(
        account.create<PortalSession>(
          {
            id,
            object: 'portal_session',
            customer_id: customer,
            urls: { general: { overview: page }, subscriptions },
            created_at: account.nowIso(),
          },
          null,
        ),
      );
    },
  ),
];
