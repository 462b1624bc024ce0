import { organizationDeleted } from '../../identity/organizations/index.ts';
import { subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { endCheckoutOfDeleted } from './end-checkout.ts';

export const checkoutSubscriptions: readonly Subscription[] = [
  subscribe(
    organizationDeleted,
    'checkouts.end-of-deleted',
    (ctx, { organizationId }) => endCheckoutOfDeleted(ctx, organizationId),
    // A request to a provider, which may be repeated.
    { timeLimitSeconds: 45 },
  ),
];
