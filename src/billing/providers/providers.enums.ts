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
