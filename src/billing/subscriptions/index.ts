export type { SubscriptionRow } from './state.rules.ts';
export { presentSubscription } from './subscriptions.present.ts';
export { selectLatest, selectLive, selectSubscriptions } from './subscriptions.queries.ts';
export {
  intervalSchema,
  soldPlanSchema,
  subscriptionExample,
  subscriptionSchema,
  type SubscriptionView,
} from './subscriptions.schemas.ts';
export { syncSubscription } from './sync-subscription.ts';
