import type { CustomData, Cycle, Price, Product, Span } from './stored-catalog.ts';
import type { LineInput } from './stored-transactions.ts';

export interface SubscriptionItem {
  status: 'active' | 'inactive' | 'trialing';
  quantity: number;
  recurring: boolean;
  created_at: string;
  updated_at: string;
  previously_billed_at: string | null;
  next_billed_at: string | null;
  trial_dates: Span | null;
  price: Omit<Price, 'object'>;
  product: Omit<Product, 'object'>;
}

export interface ScheduledChange {
  action: 'cancel' | 'pause' | 'resume';
  effective_at: string;
  resume_at: string | null;
}

export type OnResume = 'continue_existing_billing_period' | 'start_new_billing_period';

export interface Subscription {
  id: string;
  object: 'subscription';
  status: 'active' | 'canceled' | 'past_due' | 'paused' | 'trialing';
  customer_id: string;
  address_id: string;
  business_id: string | null;
  currency_code: string;
  created_at: string;
  updated_at: string;
  started_at: string | null;
  first_billed_at: string | null;
  next_billed_at: string | null;
  paused_at: string | null;
  canceled_at: string | null;
  discount: { id: string; starts_at: string; ends_at: string | null } | null;
  collection_mode: 'automatic';
  billing_details: null;
  current_billing_period: Span | null;
  billing_cycle: Cycle;
  scheduled_change: ScheduledChange | null;
  management_urls: { update_payment_method: string; cancel: string } | null;
  items: SubscriptionItem[];
  custom_data: CustomData;
  import_meta: null;
  own: {
    /** Periods are counted from it, in seconds since 1970. */
    anchor: number;
    /** The saved card; null once it was deleted. */
    method: string | null;
    /** Charges that the next renewal bills besides the period. */
    pending: LineInput[];
    onResume: OnResume;
  };
}
