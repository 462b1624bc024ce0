/** The supported payment providers, in the order of preference. */
export const PROVIDER_NAMES = ['stripe', 'paddle'] as const;
export type ProviderName = (typeof PROVIDER_NAMES)[number];

/** The plans to which an organization can subscribe itself. */
export const SOLD_PLANS = ['pro', 'enterprise'] as const;
export type SoldPlan = (typeof SOLD_PLANS)[number];

/** The status of a provider's subscription, in one vocabulary for all providers. */
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

/** Reasons of credits, as providers record them. */
export const CREDIT_REASONS = ['duplicate', 'fraudulent', 'order_change', 'product_unsatisfactory'] as const;
export type CreditReason = (typeof CREDIT_REASONS)[number];
