/** The payment providers that the product speaks to, in the order in which they are preferred. */
export const PROVIDER_NAMES = ['stripe', 'paddle'] as const;
export type ProviderName = (typeof PROVIDER_NAMES)[number];

/** The plans that an organization subscribes to itself. */
export const SOLD_PLANS = ['pro', 'enterprise'] as const;
export type SoldPlan = (typeof SOLD_PLANS)[number];

/** How a provider's subscription stands, in one vocabulary for all providers. */
export const PROVIDER_STATUSES = [
  'incomplete',
  'trialing',
  'active',
  'past_due',
  'unpaid',
  'paused',
  'cancelled',
] as const;
export type ProviderStatus = (typeof PROVIDER_STATUSES)[number];

export const INVOICE_STATUSES = ['draft', 'open', 'paid', 'void', 'uncollectible'] as const;
export type InvoiceStatus = (typeof INVOICE_STATUSES)[number];

/** Why something is credited, as providers record it. */
export const CREDIT_REASONS = ['duplicate', 'fraudulent', 'order_change', 'product_unsatisfactory'] as const;
export type CreditReason = (typeof CREDIT_REASONS)[number];
