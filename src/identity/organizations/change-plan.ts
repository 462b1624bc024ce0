import type { CommitRequest, Ctx } from '../../kernel/context/index.ts';
import type { Queries } from '../../kernel/db/index.ts';
import type { PlanName } from '../entitlements/index.ts';
import { organizationPlanChanged } from './organizations.events.ts';
import { changePlanOf, type Organization } from './organizations.queries.ts';

type AuditEntries = Extract<NonNullable<CommitRequest<unknown>['audit']>, readonly unknown[]>;

interface NewPlan {
  plan: PlanName;
  planVersion: number;
  /** End of the trial, before which nothing is charged; null for none. That of the organization by default. */
  trialEndsAt?: Date | null;
  /** What the audit log says about it. */
  reason: string;
}

/**
 * The parts of a commit that puts an organization on a plan, also one that is deleted; undefined when it is on it already. The
 * commit fails with `request.stale` when the organization is not as it was read. Another end of the trial alone is no change of plan:
 * it is written without an event and an audit entry, which are those of the subscription.
 */
export function planChange(
  { clock }: Pick<Ctx, 'clock'>,
  organization: Organization,
  { plan, planVersion, trialEndsAt = organization.trialEndsAt, reason }: NewPlan,
): (Required<Pick<CommitRequest<unknown>, 'write' | 'events'>> & { audit: AuditEntries }) | undefined {
  const { id: organizationId, plan: formerPlan, planVersion: formerVersion } = organization;
  const isSamePlan = plan === formerPlan && planVersion === formerVersion;
  if (isSamePlan && trialEndsAt?.getTime() === organization.trialEndsAt?.getTime()) return undefined;
  const set = { plan, planVersion, trialEndsAt, updatedAt: new Date(clock.now()) };
  const write = (q: Queries) => [changePlanOf(q, organization, set)];
  if (isSamePlan) return { write, audit: [], events: [] };
  return {
    write,
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
