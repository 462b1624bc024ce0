import type { Ctx } from '../../kernel/context/index.ts';
import { subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { subscriptionReported } from '../provider-events/index.ts';
import { type SubscriptionRef, syncSubscription } from './sync-subscription.ts';

const sync = (ctx: Ctx, ref: SubscriptionRef) => syncSubscription(ctx, ref, { toResult: () => undefined });

export const subscriptionSubscriptions: readonly Subscription[] = [
  subscribe(subscriptionReported, 'subscriptions.sync', sync, { timeLimitSeconds: 45 }),
];
