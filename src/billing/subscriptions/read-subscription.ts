import type { Ctx } from '../../kernel/context/index.ts';
import { authErrors, requirePermission } from '../../kernel/core/index.ts';
import { presentBillingState } from './subscriptions.present.ts';
import { selectLatest, selectPlan } from './subscriptions.queries.ts';
import type { BillingState } from './subscriptions.schemas.ts';

/**
 * The subscription of the organization, and whether it could have one.
 * @throws AppError `auth.forbidden` without `billing:read`
 */
export async function getSubscription(ctx: Ctx): Promise<BillingState> {
  requirePermission(ctx.actor, 'billing:read');
  const { organizationId } = ctx;
  const [[organization], [row]] = await ctx.read((q) => [
    selectPlan(q, organizationId),
    selectLatest(q, organizationId),
  ]);
  // The batch has proven the organization; it is deleted at this very moment.
  if (!organization) throw authErrors.outdatedToken();
  const paymentsAvailable = ctx.ports.payments.preferred !== undefined;
  return presentBillingState({ plan: organization.plan, paymentsAvailable }, row);
}
