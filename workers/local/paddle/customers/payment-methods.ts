import type { Account } from '../account/account.ts';
import type { Card, PaymentMethod } from '../account/stored.ts';
import { pageOf } from '../http/lists.ts';
import { pageShape } from '../http/params.ts';
import { present } from '../http/present.ts';
import { route } from '../http/router.ts';
import { cardType } from './cards.ts';

/** The input of a customer on a page. */
export interface CardDetails {
  number: string;
  month: number;
  year: number;
  name: string;
}

export const toCard = ({ number, month, year, name }: CardDetails): Card => ({
  type: cardType(number),
  last4: number.slice(-4),
  expiry_month: month,
  expiry_year: year,
  cardholder_name: name,
});

/** Keeps a card for later payments. */
export function saveMethod(
  account: Account,
  details: CardDetails,
  { customer, address }: { customer: string; address: string },
): PaymentMethod {
  const now = account.nowIso();
  return account.create<PaymentMethod>(
    {
      id: account.newId('paymtd'),
      object: 'payment_method',
      customer_id: customer,
      address_id: address,
      type: 'card',
      card: toCard(details),
      paypal: null,
      south_korea_local_card: null,
      underlying_details: null,
      origin: 'subscription',
      saved_at: now,
      updated_at: now,
      own: { number: details.number },
    },
    'saved',
  );
}

/** Removes a card; subscriptions that pay with it have none from now on. */
function deleteMethod(account: Account, id: string): void {
  const method = account.store.get('payment_method', id);
  for (const { id: subscription, own } of account.store.all('subscription'))
    if (own.method === id)
      account.update('subscription', subscription, { own: { ...own, method: null } }, null);
  account.announce('deleted', method);
  account.store.remove(id);
}

export const paymentMethodRoutes = [
  route('GET /customers/:id/payment-methods', pageShape, ({ account, params, url, ids: [customer = ''] }) => {
    account.store.get('customer', customer);
    const rows = account.store.all('payment_method').filter((each) => each.customer_id === customer);
    return pageOf(rows.toReversed(), url, params);
  }),
  route('GET /customers/:customer/payment-methods/:id', {}, ({ account, ids: [, id = ''] }) =>
    present(account.store.get('payment_method', id)),
  ),
  route('DELETE /customers/:customer/payment-methods/:id', {}, ({ account, ids: [, id = ''] }) =>
    deleteMethod(account, id),
  ),
];
