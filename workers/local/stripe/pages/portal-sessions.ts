import type { Account } from '../account/account.ts';
import type { Rows } from '../account/stored.ts';
import { text } from '../http/params.ts';
import { route } from '../http/router.ts';

type PortalSession = Rows['billing_portal.session'];

function createPortalSession(
  account: Account,
  params: { customer: string; return_url?: string },
): PortalSession {
  account.store.get('customer', params.customer, 'customer');
  const id = account.store.newId('bps');
  return account.create<PortalSession>({
    id,
    object: 'billing_portal.session',
    configuration: 'bpc_default',
    created: account.now(),
    customer: params.customer,
    customer_account: null,
    flow: null,
    livemode: false,
    locale: null,
    on_behalf_of: null,
    return_url: params.return_url ?? null,
    url: `${account.url}/portal/${id}`,
  });
}

export const portalRoutes = [
  route(
    'POST /v1/billing_portal/sessions',
    { customer: text, return_url: text.optional() },
    ({ account, params }) => createPortalSession(account, params),
  ),
];
