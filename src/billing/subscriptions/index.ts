export { type CommandState, isCommanded, NO_COMMAND } from './commands.rules.ts';
export type { SubscriptionRow } from './state.rules.ts';
export { presentSubscription } from './subscriptions.present.ts';
export {
  changeCommand,
  interruptCommand,
  selectLatest,
  selectLive,
  selectSubscriptions,
} from './subscriptions.queries.ts';
export {
  intervalSchema,
  seatsSchema,
  soldPlanSchema,
  subscriptionExample,
  subscriptionSchema,
  type SubscriptionView,
} from './subscriptions.schemas.ts';
export { whateverPlan } from './read-truth.ts';
export { syncSubscription } from './sync-subscription.ts';
