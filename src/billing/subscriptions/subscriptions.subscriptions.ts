import { organizationDeleted } from '../../identity/organizations/index.ts';
import { subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { customerReported, subscriptionReported } from '../provider-events/index.ts';
import { endSubscriptionOfDeleted, syncCustomer, syncReported } from './follow-organization.ts';

/** Several requests to the provider, each of which may be repeated. */
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
];
