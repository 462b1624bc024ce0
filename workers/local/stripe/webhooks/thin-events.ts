import type { Kind, Rows } from '../account/stored.ts';

/** Where an object of a kind can be read. */
const PATHS: Partial<Record<Kind, string>> = {
  customer: '/v1/customers',
  product: '/v1/products',
  price: '/v1/prices',
  coupon: '/v1/coupons',
  promotion_code: '/v1/promotion_codes',
  tax_rate: '/v1/tax_rates',
  payment_method: '/v1/payment_methods',
  payment_intent: '/v1/payment_intents',
  refund: '/v1/refunds',
  subscription: '/v1/subscriptions',
  invoice: '/v1/invoices',
  invoiceitem: '/v1/invoiceitems',
  credit_note: '/v1/credit_notes',
  'checkout.session': '/v1/checkout/sessions',
  'billing.meter': '/v1/billing/meters',
  'test_helpers.test_clock': '/v1/test_helpers/test_clocks',
};

/** An event that names its object and does not contain it. */
export function thinEvent(event: Rows['event']) {
  const { id, object } = event.data.object as { id: string; object: Kind };
  const path = PATHS[object];
  return {
    id: event.id,
    object: 'v2.core.event',
    type: `v1.${event.type}`,
    created: new Date(event.created * 1000).toISOString(),
    livemode: false,
    reason: null,
    related_object: path === undefined ? null : { id, type: object, url: `${path}/${id}` },
  };
}
