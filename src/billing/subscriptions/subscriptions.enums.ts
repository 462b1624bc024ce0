/**
 * The status of a subscription. past_due: a payment failed, and the plan remains active during the grace. restricted:
 * the grace is over, and the free plan applies until the payment succeeds.
 */
export const SUBSCRIPTION_STATUSES = [
  'incomplete',
  'trialing',
  'active',
  'past_due',
  'restricted',
  'paused',
  'cancelled',
] as const;
export type SubscriptionStatus = (typeof SUBSCRIPTION_STATUSES)[number];

/** Days for which the plan remains active after a payment failed. */
export const GRACE_DAYS = 14;
/** Days after which a restricted subscription is cancelled. */
export const RESTRICTED_DAYS = 30;
/** Days before the end of a trial, and of the grace, at which people are reminded of it. */
export const NOTICE_DAYS = 3;
