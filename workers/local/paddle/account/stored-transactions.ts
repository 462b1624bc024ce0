import type { Card, CustomData, Price, Product, Span } from './stored-catalog.ts';

export interface Totals {
  subtotal: string;
  discount: string;
  tax: string;
  total: string;
}

export interface TransactionTotals extends Totals {
  /** The amount taken from the customer's credit balance. */
  credit: string;
  /** The amount added to it, because the sum of the lines is negative. */
  credit_to_balance: string;
  /** The amount that is still due. */
  balance: string;
  grand_total: string;
  grand_total_tax: string;
  fee: string | null;
  earnings: string | null;
  currency_code: string;
}

export interface Proration {
  /** The share of the period, as a decimal. */
  rate: string;
  billing_period: Span;
}

export interface LineItem {
  id: string;
  price_id: string;
  /** Negative for refunds. */
  quantity: number;
  proration: Proration | null;
  tax_rate: string;
  unit_totals: Totals;
  totals: Totals;
  product: Omit<Product, 'object'>;
}

export interface Details {
  tax_rates_used: { tax_rate: string; totals: Totals }[];
  totals: TransactionTotals;
  line_items: LineItem[];
}

export interface PaymentAttempt {
  payment_attempt_id: string;
  stored_payment_method_id: string;
  payment_method_id: string | null;
  amount: string;
  status: 'captured' | 'error';
  error_code: string | null;
  method_details: { type: 'card'; card: Card } | null;
  created_at: string;
  captured_at: string | null;
}

export type Origin =
  | 'api'
  | 'subscription_charge'
  | 'subscription_payment_method_change'
  | 'subscription_recurring'
  | 'subscription_update'
  | 'web';

export interface Transaction {
  id: string;
  object: 'transaction';
  status: 'draft' | 'ready' | 'billed' | 'paid' | 'completed' | 'canceled' | 'past_due';
  customer_id: string | null;
  address_id: string | null;
  business_id: string | null;
  custom_data: CustomData;
  currency_code: string;
  origin: Origin;
  subscription_id: string | null;
  invoice_id: string | null;
  invoice_number: string | null;
  collection_mode: 'automatic';
  discount_id: string | null;
  billing_details: null;
  billing_period: Span | null;
  items: { price: Omit<Price, 'object'>; quantity: number; proration: Proration | null }[];
  details: Details;
  payments: PaymentAttempt[];
  checkout: { url: string | null } | null;
  created_at: string;
  updated_at: string;
  billed_at: string | null;
  revised_at: null;
  own: { failures: number; nextAttemptAt: number | null; lines: LineInput[] };
}

/** The input of a line of a transaction. */
export interface LineInput {
  price: Price;
  quantity: number;
  /** -1 for refunds. */
  sign: 1 | -1;
  /** The part of a period that the line is about, in minutes; null for all of it. */
  share: { left: number; whole: number; span: Span } | null;
  /** Nothing is charged in a trial. */
  isTrial: boolean;
}

export interface Adjustment {
  id: string;
  object: 'adjustment';
  action: 'refund';
  type: 'full' | 'partial';
  transaction_id: string;
  subscription_id: string | null;
  customer_id: string;
  reason: string;
  credit_applied_to_balance: boolean;
  currency_code: string;
  status: 'pending_approval' | 'approved' | 'rejected';
  items: {
    id: string;
    item_id: string;
    type: 'full' | 'partial';
    amount: string;
    proration: null;
    totals: { subtotal: string; tax: string; total: string };
  }[];
  totals: {
    subtotal: string;
    tax: string;
    total: string;
    fee: string;
    retained_fee: string;
    earnings: string;
    currency_code: string;
  };
  payout_totals: null;
  created_at: string;
  updated_at: string;
  own: { approvesAt: number };
}
