import { type Ctx, systemScopeOf } from '../../kernel/context/index.ts';
import { CURRENT_PLAN_VERSION } from '../entitlements/index.ts';
import { organizationErrors } from './organizations.errors.ts';
import { planChange } from './change-plan.ts';
import { type Organization, selectOrganization } from './organizations.queries.ts';
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
  const change = planChange(ctx, organization, { plan, planVersion, reason });
  if (!change) return organization;
  const updatedAt = new Date(ctx.clock.now());
  const result = { ...organization, plan, planVersion, updatedAt, version: organization.version + 1 };
  return ctx.commit({ scope, ...change, result });
}
