/** Objects as the API shows them, with two fields more: `object` names the kind, `own` holds what only this program knows. */

export interface Money {
  /** Minor units, as a string. */
  amount: string;
  currency_code: string;
}

export interface Cycle {
  interval: 'day' | 'week' | 'month' | 'year';
  frequency: number;
}

/** RFC 3339 moments. */
export interface Span {
  starts_at: string;
  ends_at: string;
}

export type CustomData = Record<string, unknown> | null;

interface Entity<K extends string> {
  id: string;
  object: K;
  status: 'active' | 'archived';
  custom_data: CustomData;
  created_at: string;
  updated_at: string;
  import_meta: null;
}

export interface Customer extends Entity<'customer'> {
  name: string | null;
  email: string;
  marketing_consent: boolean;
  locale: string;
}

export interface Address extends Entity<'address'> {
  customer_id: string;
  description: string | null;
  first_line: string | null;
  second_line: string | null;
  city: string | null;
  postal_code: string | null;
  region: string | null;
  country_code: string;
}

export interface Business extends Entity<'business'> {
  customer_id: string;
  name: string;
  company_number: string | null;
  tax_identifier: string | null;
  contacts: { name: string | null; email: string }[];
}

export interface Product extends Entity<'product'> {
  name: string;
  type: 'standard' | 'custom';
  description: string | null;
  tax_category: string;
  image_url: string | null;
}

export interface Price extends Entity<'price'> {
  product_id: string;
  description: string;
  type: 'standard' | 'custom';
  name: string | null;
  billing_cycle: Cycle | null;
  trial_period: (Cycle & { requires_payment_method: boolean }) | null;
  tax_mode: 'account_setting' | 'external' | 'internal';
  unit_price: Money;
  unit_price_overrides: [];
  quantity: { minimum: number; maximum: number };
}

export interface Discount extends Omit<Entity<'discount'>, 'status'> {
  status: 'active' | 'archived' | 'expired' | 'used';
  description: string;
  enabled_for_checkout: boolean;
  code: string | null;
  mode: 'standard' | 'custom';
  type: 'percentage' | 'flat' | 'flat_per_seat';
  /** A percentage, or minor units. */
  amount: string;
  currency_code: string | null;
  recur: boolean;
  maximum_recurring_intervals: number | null;
  usage_limit: number | null;
  restrict_to: string[] | null;
  expires_at: string | null;
  times_used: number;
  discount_group_id: null;
}

export interface Card {
  type: string;
  last4: string;
  expiry_month: number;
  expiry_year: number;
  cardholder_name: string;
}

export interface PaymentMethod {
  id: string;
  object: 'payment_method';
  customer_id: string;
  address_id: string;
  type: 'card';
  card: Card;
  paypal: null;
  south_korea_local_card: null;
  underlying_details: null;
  origin: 'saved_during_purchase' | 'subscription';
  saved_at: string;
  updated_at: string;
  own: { number: string };
}
