import type { Ctx } from '../../kernel/context/index.ts';
import { authErrors, requirePermission } from '../../kernel/core/index.ts';
import { selectCustomer } from '../customers/index.ts';
import { presentBillingState } from './subscriptions.present.ts';
import { selectLatest, selectPlan } from './subscriptions.queries.ts';
import type { BillingState } from './subscriptions.schemas.ts';

/**
 * The subscription of the organization, and whether it could have one.
 * @throws AppError `auth.forbidden` without `billing:read`
 */
export async function getSubscription(ctx: Ctx): Promise<BillingState> {
  requirePermission(ctx.actor, 'billing:read');
  const { organizationId, ports } = ctx;
  const [[organization], [row], [customer]] = await ctx.read((q) => [
    selectPlan(q, organizationId),
    selectLatest(q, organizationId),
    selectCustomer(q, organizationId),
  ]);
  // The batch has found the organization, so it is being deleted at this moment.
  if (!organization) throw authErrors.outdatedToken();
  const { names, preferred } = ports.payments;
  const provider = customer?.provider ?? preferred;
  const paymentsAvailable = provider !== undefined && names.includes(provider);
  return presentBillingState({ plan: organization.plan, paymentsAvailable }, row);
}
