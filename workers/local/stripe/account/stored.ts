import type Stripe from 'stripe';

/**
 * An object of the API as this program keeps it: a field that the API can expand holds the id alone, and decimals are the
 * strings of the wire.
 */
export type Stored<V> = [Extract<V, string>] extends [never]
  ? StoredPart<V>
  : StoredPart<Exclude<V, { id: string }>>;

type StoredPart<V> = V extends string
  ? V
  : V extends Stripe.Decimal
    ? string
    : V extends readonly (infer E)[]
      ? Stored<E>[]
      : V extends object
        ? { [K in keyof V]: Stored<V[K]> }
        : V;

/** Facts about a payment method that only this program knows: the number decides how a charge ends. */
interface CardNumber {
  id: string;
  object: 'stand_in.card';
  number: string;
}

/** The announcement that a trial is about to end; it exists until it was made. */
interface TrialNotice {
  id: string;
  object: 'stand_in.trial_notice';
  subscription: string;
  clock: string | null;
  at: number;
}

/** The action of a checkout session once it is paid. */
interface CheckoutRequest {
  id: string;
  object: 'stand_in.checkout_request';
  request: unknown;
}

/** The secret that signs the events of a webhook endpoint, and whether its events carry the object or only its id. */
interface EndpointSecret {
  id: string;
  object: 'stand_in.endpoint_secret';
  secret: string;
  payload: 'snapshot' | 'thin';
}

/** A reported quantity; `id` is its identifier. */
export interface MeterEventRow {
  id: string;
  object: 'billing.meter_event';
  meter: string;
  customer: string;
  value: string;
  timestamp: number;
  created: number;
  cancelled: boolean;
}

/** Every kind of object, by the name in its field `object`. */
export interface Rows {
  customer: Stored<Stripe.Customer>;
  product: Stored<Stripe.Product>;
  price: Stored<Stripe.Price>;
  coupon: Stored<Stripe.Coupon>;
  promotion_code: Stored<Stripe.PromotionCode>;
  discount: Stored<Stripe.Discount>;
  tax_rate: Stored<Stripe.TaxRate>;
  tax_id: Stored<Stripe.TaxId>;
  payment_method: Stored<Stripe.PaymentMethod>;
  payment_intent: Stored<Stripe.PaymentIntent>;
  refund: Stored<Stripe.Refund>;
  subscription: Stored<Stripe.Subscription>;
  invoice: Stored<Stripe.Invoice>;
  invoiceitem: Stored<Stripe.InvoiceItem> & { subscription_item: string | null };
  credit_note: Stored<Stripe.CreditNote>;
  'checkout.session': Stored<Stripe.Checkout.Session>;
  'billing_portal.session': Stored<Stripe.BillingPortal.Session>;
  'billing.meter': Stored<Stripe.Billing.Meter>;
  'billing.meter_event': MeterEventRow;
  event: Omit<Stored<Stripe.Event>, 'data' | 'type'> & {
    type: string;
    data: { object: unknown; previous_attributes?: unknown };
  };
  webhook_endpoint: Stored<Stripe.WebhookEndpoint>;
  'test_helpers.test_clock': Stored<Stripe.TestHelpers.TestClock>;
  'stand_in.endpoint_secret': EndpointSecret;
  'stand_in.checkout_request': CheckoutRequest;
  'stand_in.card': CardNumber;
  'stand_in.trial_notice': TrialNotice;
}

export type Kind = keyof Rows;
export type Row = Rows[Kind];

export type Customer = Rows['customer'];
export type Price = Rows['price'];
export type Subscription = Rows['subscription'];
export type Item = Subscription['items']['data'][number];
export type Invoice = Rows['invoice'];
export type Line = Invoice['lines']['data'][number];
export type InvoiceItem = Rows['invoiceitem'];
export type Session = Rows['checkout.session'];
