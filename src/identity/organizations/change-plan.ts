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
  /** Seats beside the members of the plan; null without a subscription. Those of the organization by default. */
  seats?: number | null;
  /** The data of the audit entry. */
  reason: string;
}

/** The audit entries of what differs. */
function entriesOf(
  former: Organization,
  { plan, planVersion, seats, reason }: Required<NewPlan>,
): AuditEntries {
  const target = { type: 'organization', id: former.id } as const;
  const ofPlan = {
    action: 'organization.plan_changed',
    severity: 'warning',
    target,
    before: { plan: former.plan, planVersion: former.planVersion },
    after: { plan, planVersion, reason },
  } as const;
  const ofSeats = {
    action: 'organization.seats_changed',
    target,
    before: { seats: former.seats ?? 0 },
    after: { seats: seats ?? 0, reason },
  } as const;
  return [
    ...(plan === former.plan && planVersion === former.planVersion ? [] : [ofPlan]),
    ...((seats ?? 0) === (former.seats ?? 0) ? [] : [ofSeats]),
  ];
}

/**
 * The parts of a commit that puts an organization on a plan, also one that is deleted; undefined when it is on it already. The
 * commit fails with `request.stale` when the organization is not as it was read. Another end of the trial alone is no change of plan:
 * it is written without an event and an audit entry, which are those of the subscription; so are seats, but for their audit entry.
 */
export function planChange(
  { clock }: Pick<Ctx, 'clock'>,
  organization: Organization,
  { plan, planVersion, trialEndsAt = organization.trialEndsAt, seats = organization.seats, reason }: NewPlan,
): (Required<Pick<CommitRequest<unknown>, 'write' | 'events'>> & { audit: AuditEntries }) | undefined {
  const { id: organizationId, plan: formerPlan, planVersion: formerVersion } = organization;
  const isSamePlan = plan === formerPlan && planVersion === formerVersion;
  const isSameTrial = trialEndsAt?.getTime() === organization.trialEndsAt?.getTime();
  if (isSamePlan && isSameTrial && seats === organization.seats) return undefined;
  const set = { plan, planVersion, trialEndsAt, seats, updatedAt: new Date(clock.now()) };
  return {
    write: (q: Queries) => [changePlanOf(q, organization, set)],
    audit: entriesOf(organization, { plan, planVersion, trialEndsAt, seats, reason }),
    events: isSamePlan ? [] : [organizationPlanChanged.of({ organizationId, plan, planVersion, formerPlan })],
  };
}
