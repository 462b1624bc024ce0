import type { Ctx } from '../../kernel/context/index.ts';
import { authErrors, requirePermission } from '../../kernel/core/index.ts';
import { presentGrant, selectOpenGrants } from '../../identity/entitlement-grants/index.ts';
import { entitlementsOf } from '../../identity/entitlements/index.ts';
import { selectPlanAndUse } from './entitlements.queries.ts';
import { presentEntitlements } from './entitlements.present.ts';
import type { EntitlementsView } from './entitlements.schemas.ts';

/**
 * Limits, features and included amounts of the organization, with their use.
 * @throws AppError `auth.forbidden` without `billing:read`
 */
export async function getEntitlements(ctx: Ctx): Promise<EntitlementsView> {
  requirePermission(ctx.actor, 'billing:read');
  const { organizationId } = ctx;
  const nowMs = ctx.clock.now();
  const now = new Date(nowMs);
  const [[row], grants] = await ctx.read((q) => [
    selectPlanAndUse(q, organizationId, now),
    selectOpenGrants(q, organizationId, now),
  ]);
  // The batch has found the organization, so it is being deleted at this moment.
  if (!row) throw authErrors.outdatedToken();
  const { plan, planVersion, trialEndsAt, seats, limits, ...used } = row;
  const entitlements = entitlementsOf({ plan, planVersion, trialEndsAt, seats, limits, grants }, nowMs);
  return {
    ...presentEntitlements({ plan, planVersion, seats }, entitlements, {
      ...used,
      room_capacity: null,
      file_bytes: null,
    }),
    grants: grants.map((grant) => presentGrant(grant, nowMs)),
  };
}
