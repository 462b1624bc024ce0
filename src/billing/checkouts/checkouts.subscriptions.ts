import { organizationDeleted } from '../../identity/organizations/index.ts';
import { subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { endCheckoutOfDeleted } from './end-checkout.ts';

export const checkoutSubscriptions: readonly Subscription[] = [
  subscribe(
    organizationDeleted,
    'checkouts.end-of-deleted',
    (ctx, { organizationId }) => endCheckoutOfDeleted(ctx, organizationId),
    // Time for a request to a provider, with repetitions.
    { timeLimitSeconds: 45 },
  ),
];
