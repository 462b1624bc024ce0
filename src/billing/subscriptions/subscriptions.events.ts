import { z } from '@hono/zod-openapi';
import { type DomainEvent, defineEvent } from '../../kernel/events/index.ts';
import { differences, type SubscriptionRow, type SubscriptionState } from './state.rules.ts';
import { GRACE_DAYS, NOTICE_DAYS } from './subscriptions.enums.ts';
import { presentSubscription } from './subscriptions.present.ts';
import { subscriptionExample, subscriptionSchema } from './subscriptions.schemas.ts';

const define = (type: string, description: string) =>
  defineEvent({
    type,
    description,
    payload: z.object({ subscription: subscriptionSchema.describe('The subscription after that.') }),
    example: { subscription: subscriptionExample },
    key: ({ subscription }) => subscription.id,
  });

export const subscriptionCreated = define(
  'subscription.created',
  'The organization has subscribed to a plan.',
);
export const subscriptionChanged = define(
  'subscription.changed',
  'Plan, seats, period, cancellation, pause or another field of the subscription changed.',
);
export const subscriptionPastDue = define(
  'subscription.past_due',
  `A payment failed. The plan remains active for ${GRACE_DAYS} days, in which the payment is tried again.`,
);
export const subscriptionRestricted = define(
  'subscription.restricted',
  'The grace after a failed payment is over: the organization is on the free plan until the payment succeeds.',
);
export const subscriptionRecovered = define(
  'subscription.recovered',
  'The payment that had failed was made, and the plan is active again.',
);
export const subscriptionCancelled = define('subscription.cancelled', 'The subscription ended.');
export const trialEnding = define(
  'subscription.trial_ending',
  `The trial ends within ${NOTICE_DAYS} days, and the first charge is made then.`,
);
export const graceEnding = define(
  'subscription.grace_ending',
  `The grace after a failed payment ends within ${NOTICE_DAYS} days.`,
);

export const subscriptionEvents = [
  subscriptionCreated,
  subscriptionChanged,
  subscriptionPastDue,
  subscriptionRestricted,
  subscriptionRecovered,
  subscriptionCancelled,
  trialEnding,
  graceEnding,
];

/** Fields of a change that the API does not show. */
const UNSEEN: readonly (keyof SubscriptionState)[] = [
  'dueAt',
  'trialNoticeAt',
  'graceNoticeAt',
  'grantedPlan',
  'grantedPlanVersion',
  'grantedSeats',
  'pastDueSince',
  'refundDueAt',
];

/** The event for a change of state. */
function changeEvent(former: SubscriptionRow | undefined, row: SubscriptionRow) {
  if (!former) return row.status === 'cancelled' ? subscriptionCancelled : subscriptionCreated;
  if (former.status !== row.status) {
    if (row.status === 'past_due') return subscriptionPastDue;
    if (row.status === 'restricted') return subscriptionRestricted;
    if (row.status === 'cancelled') return subscriptionCancelled;
    if (row.status === 'active' && former.pastDueSince !== null) return subscriptionRecovered;
    return subscriptionChanged;
  }
  const seen = differences(former, row).some((name) => !UNSEEN.includes(name));
  return seen ? subscriptionChanged : undefined;
}

/** The events of a change, each written with it. */
export function eventsOfChange(former: SubscriptionRow | undefined, row: SubscriptionRow): DomainEvent[] {
  const payload = { subscription: presentSubscription(row) };
  const change = changeEvent(former, row);
  return [
    ...(change ? [change.of(payload)] : []),
    ...(row.trialNoticeAt && !former?.trialNoticeAt ? [trialEnding.of(payload)] : []),
    ...(row.graceNoticeAt && !former?.graceNoticeAt ? [graceEnding.of(payload)] : []),
  ];
}
