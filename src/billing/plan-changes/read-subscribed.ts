import type { Ctx } from '../../kernel/context/index.ts';
import { requirePermission } from '../../kernel/core/index.ts';
import { customerErrors, selectCustomer } from '../customers/index.ts';
import { selectMembersSet } from '../plans/index.ts';
import { selectLatest } from '../subscriptions/index.ts';

/**
 * The newest subscription, with its customer and provider.
 * @throws AppError `auth.forbidden`, `billing.not_configured` without any provider, or `billing.not_subscribed`
 */
export async function readSubscribed(ctx: Ctx) {
  requirePermission(ctx.actor, 'billing:write');
  const { organizationId, ports } = ctx;
  const [[customer], [row], [members]] = await ctx.read((q) => [
    selectCustomer(q, organizationId),
    selectLatest(q, organizationId),
    selectMembersSet(q, organizationId, new Date(ctx.clock.now())),
  ]);
  const api = ports.payments.of(customer?.provider ?? ports.payments.preferred, ctx.trace);
  if (!customer || !row) throw customerErrors.notSubscribed();
  const { provider, providerSubscriptionId: subscriptionId } = row;
  const areMembersSet = members?.isSet === true;
  return { row, api, areMembersSet, ref: { provider, subscriptionId, customerId: customer.customerId } };
}
export type Subscribed = Awaited<ReturnType<typeof readSubscribed>>;

/** The current subscription. @throws as `readSubscribed` does */
export async function readLive(ctx: Ctx): Promise<Subscribed> {
  const subscribed = await readSubscribed(ctx);
  if (subscribed.row.endedAt !== null) throw customerErrors.notSubscribed();
  return subscribed;
}
