import type {
  Address,
  Business,
  Customer,
  Discount,
  PaymentMethod,
  Price,
  Product,
} from './stored-catalog.ts';
import type { Subscription } from './stored-subscriptions.ts';
import type { Adjustment, Transaction } from './stored-transactions.ts';

export type * from './stored-catalog.ts';
export type * from './stored-subscriptions.ts';
export type * from './stored-transactions.ts';

export interface PortalSession {
  id: string;
  object: 'portal_session';
  customer_id: string;
  urls: {
    general: { overview: string };
    subscriptions: {
      id: string;
      cancel_subscription: string;
      update_subscription_payment_method: string;
    }[];
  };
  created_at: string;
}

export interface Event {
  id: string;
  object: 'event';
  event_type: string;
  occurred_at: string;
  data: unknown;
}

export interface NotificationSetting {
  id: string;
  object: 'notification_setting';
  description: string;
  type: 'url';
  destination: string;
  active: boolean;
  api_version: 1;
  include_sensitive_fields: boolean;
  traffic_source: 'platform' | 'simulation' | 'all';
  /** Empty for every event. */
  subscribed_events: { name: string }[];
  endpoint_secret_key: string;
}

/** The credit of a customer in one currency; `id` is made of both. */
interface Balance {
  id: string;
  object: 'balance';
  customer_id: string;
  currency_code: string;
  available: number;
  used: number;
}

export interface Rows {
  customer: Customer;
  address: Address;
  business: Business;
  product: Product;
  price: Price;
  discount: Discount;
  payment_method: PaymentMethod;
  transaction: Transaction;
  subscription: Subscription;
  adjustment: Adjustment;
  portal_session: PortalSession;
  event: Event;
  notification_setting: NotificationSetting;
  balance: Balance;
}
export type Kind = keyof Rows;
export type Row = Rows[Kind];
