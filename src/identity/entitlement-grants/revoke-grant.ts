import { type Ctx, systemScopeOf } from '../../kernel/context/index.ts';
import { grantErrors } from './entitlement-grants.errors.ts';
import { entitlementsChanged } from './entitlement-grants.events.ts';
import { presentGrant } from './entitlement-grants.present.ts';
import { revokeGrantRow, selectGrant } from './entitlement-grants.queries.ts';
import { grantStatus } from './entitlement-grants.rules.ts';
import type { EntitlementGrantView } from './entitlement-grants.schemas.ts';

/**
 * Ends a grant now, or before it starts. What is beyond the limit of the plan from then on stays, as after a change of the
 * plan. A grant that is over stays as it is.
 * @throws AppError `billing.grant_not_found`, or `request.stale` when another revocation was faster
 */
export async function revokeGrant(
  ctx: Ctx,
  { organizationId, grantId }: { organizationId: string; grantId: string },
  reason: string,
): Promise<EntitlementGrantView> {
  const nowMs = ctx.clock.now();
  // No member writes grants: row-level security lets only the system do it.
  const scope = systemScopeOf(organizationId);
  const [[grant]] = await ctx.read((q) => [selectGrant(q, organizationId, grantId)], scope);
  if (!grant) throw grantErrors.grantNotFound();
  if (['revoked', 'ended'].includes(grantStatus(grant, nowMs))) return presentGrant(grant, nowMs);
  const set = { revokedAt: new Date(nowMs), revokedReason: reason };
  const { kind, name, value } = grant;
  return ctx.commit({
    scope,
    write: (q) => [revokeGrantRow(q, grant, set)],
    audit: {
      action: 'entitlement.revoked',
      severity: 'warning',
      target: { type: 'entitlement_grant', id: grantId },
      before: { kind, name, value, reason: grant.reason },
      after: { reason },
    },
    events: [entitlementsChanged.of({ entitlementGrantId: grantId })],
    result: presentGrant({ ...grant, ...set }, nowMs),
  });
}
