import { type Ctx, systemScope } from '../../kernel/context/index.ts';
import { selectCustomer } from '../customers/index.ts';
import type { ProviderName } from '../providers/index.ts';
import { selectLive, selectLiveOfCustomer } from './subscriptions.queries.ts';
import type { SubscriptionRef } from './read-truth.ts';
import { syncSubscription } from './sync-subscription.ts';

export const syncReported = (ctx: Ctx, ref: SubscriptionRef): Promise<void> =>
  syncSubscription(ctx, ref, { toResult: () => undefined });

/**
 * A deleted organization pays no more: its subscription is cancelled at once. Reopening the organization does not
 * restore it.
 */
export async function endSubscriptionOfDeleted(ctx: Ctx, organizationId: string): Promise<void> {
  const [[customer], [live]] = await ctx.read(
    (q) => [selectCustomer(q, organizationId), selectLive(q, organizationId)],
    systemScope,
  );
  if (!customer || !live) return;
  const { provider, customerId } = customer;
  // The sync ends every current subscription of a deleted organization.
  await syncReported(ctx, { provider, customerId, subscriptionId: live.providerSubscriptionId });
}

/** A customer who was deleted at the provider no longer has a subscription there. */
export async function syncCustomer(
  ctx: Ctx,
  { provider, customerId }: { provider: ProviderName; customerId: string },
): Promise<void> {
  const [[live]] = await ctx.read((q) => [selectLiveOfCustomer(q, provider, customerId)], systemScope);
  if (live)
    await syncReported(ctx, {
      provider,
      customerId,
      subscriptionId: live.subscription.providerSubscriptionId,
    });
}
