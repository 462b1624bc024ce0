import { organizationDeleted } from '../../identity/organizations/index.ts';
import { subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { customerReported, subscriptionReported } from '../provider-events/index.ts';
import { sendSubscriptionMail } from './send-subscription-mail.ts';
import {
  graceEnding,
  subscriptionCancelled,
  subscriptionPastDue,
  subscriptionRecovered,
  subscriptionRestricted,
  trialEnding,
} from './subscriptions.events.ts';
import { endSubscriptionOfDeleted, syncCustomer, syncReported } from './follow-organization.ts';

/** Time for several requests to a provider, with repetitions, or for several mails. */
const slow = { timeLimitSeconds: 45 };

export const subscriptionSubscriptions: readonly Subscription[] = [
  subscribe(subscriptionReported, 'subscriptions.sync', syncReported, slow),
  subscribe(customerReported, 'subscriptions.sync-customer', syncCustomer, slow),
  subscribe(
    organizationDeleted,
    'subscriptions.end-of-deleted',
    (ctx, { organizationId }) => endSubscriptionOfDeleted(ctx, organizationId),
    slow,
  ),
  subscribe(subscriptionPastDue, 'subscriptions.mail-past-due', sendSubscriptionMail('past_due'), slow),
  subscribe(graceEnding, 'subscriptions.mail-grace-ending', sendSubscriptionMail('grace_ending'), slow),
  subscribe(
    subscriptionRestricted,
    'subscriptions.mail-restricted',
    sendSubscriptionMail('restricted'),
    slow,
  ),
  subscribe(subscriptionRecovered, 'subscriptions.mail-recovered', sendSubscriptionMail('recovered'), slow),
  subscribe(subscriptionCancelled, 'subscriptions.mail-cancelled', sendSubscriptionMail('cancelled'), slow),
  subscribe(trialEnding, 'subscriptions.mail-trial-ending', sendSubscriptionMail('trial_ending'), slow),
];
