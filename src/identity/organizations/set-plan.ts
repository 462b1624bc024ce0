import { type Ctx, systemScopeOf } from '../../kernel/context/index.ts';
import { CURRENT_PLAN_VERSION } from '../entitlements/index.ts';
import { organizationErrors } from './organizations.errors.ts';
import { organizationPlanChanged } from './organizations.events.ts';
import { changeOrganization, type Organization, selectOrganization } from './organizations.queries.ts';
import type { SetPlan } from './plan.schemas.ts';

/**
 * Puts an organization on the current version of a plan, or on the version that is named. What it has beyond the limits of
 * the new plan stays; nothing can be added to it. Access tokens that state the former plan are refused as outdated, so that
 * their holders refresh them.
 * @throws AppError `organizations.not_found` or `request.stale`
 */
export async function setPlan(
  ctx: Ctx,
  organizationId: string,
  { plan, planVersion = CURRENT_PLAN_VERSION, reason }: SetPlan,
): Promise<Organization> {
  // No member changes the plan: row-level security lets only the system do it.
  const scope = systemScopeOf(organizationId);
  const [[organization]] = await ctx.read((q) => [selectOrganization(q, organizationId)], scope);
  if (!organization) throw organizationErrors.notFound();
  const { plan: formerPlan, planVersion: formerVersion } = organization;
  if (plan === formerPlan && planVersion === formerVersion) return organization;
  const set = { plan, planVersion, updatedAt: new Date(ctx.clock.now()) };
  return ctx.commit({
    scope,
    write: (q) => [changeOrganization(q, organization, set)],
    audit: {
      action: 'organization.plan_changed',
      severity: 'warning',
      target: { type: 'organization', id: organizationId },
      before: { plan: formerPlan, planVersion: formerVersion },
      after: { plan, planVersion, reason },
    },
    events: [organizationPlanChanged.of({ organizationId, plan, planVersion, formerPlan })],
    result: { ...organization, ...set, version: organization.version + 1 },
  });
}
