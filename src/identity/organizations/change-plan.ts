import type { CommitRequest, Ctx } from '../../kernel/context/index.ts';
import type { PlanName } from '../entitlements/index.ts';
import { organizationPlanChanged } from './organizations.events.ts';
import { changePlanOf, type Organization } from './organizations.queries.ts';

type AuditEntries = Extract<NonNullable<CommitRequest<unknown>['audit']>, readonly unknown[]>;

/**
 * The parts of a commit that puts an organization on a plan, also one that is deleted; undefined when it is on it already. The
 * commit fails with `request.stale` when the organization is not as it was read.
 * @param reason what the audit log says about it
 */
export function planChange(
  { clock }: Pick<Ctx, 'clock'>,
  organization: Organization,
  { plan, planVersion, reason }: { plan: PlanName; planVersion: number; reason: string },
): (Required<Pick<CommitRequest<unknown>, 'write' | 'events'>> & { audit: AuditEntries }) | undefined {
  const { id: organizationId, plan: formerPlan, planVersion: formerVersion } = organization;
  if (plan === formerPlan && planVersion === formerVersion) return undefined;
  const set = { plan, planVersion, updatedAt: new Date(clock.now()) };
  return {
    write: (q) => [changePlanOf(q, organization, set)],
    audit: [
      {
        action: 'organization.plan_changed',
        severity: 'warning',
        target: { type: 'organization', id: organizationId },
        before: { plan: formerPlan, planVersion: formerVersion },
        after: { plan, planVersion, reason },
      },
    ],
    events: [organizationPlanChanged.of({ organizationId, plan, planVersion, formerPlan })],
  };
}
