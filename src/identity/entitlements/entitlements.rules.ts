import { type PlanName, termsOf } from './catalogue.rules.ts';
import {
  type BeyondIncluded,
  type EntitlementLimit,
  type Feature,
  FEATURES,
  type GrantKind,
  INCLUDED_METERS,
  type IncludedMeter,
  LIMITS,
} from './entitlements.enums.ts';

/** A grant of an operator in addition to the plan: the deciding fields of a row of `entitlement_grants`. */
export interface EntitlementGrant {
  /** The greater, the newer. */
  id: string;
  kind: GrantKind;
  /** Name of the limit, the feature or the meter. */
  name: string;
  value: number;
  startsAt: Date;
  endsAt: Date | null;
  revokedAt: Date | null;
}

/** The facts that decide the entitlements of an organization. */
export interface EntitlementBasis {
  plan: PlanName;
  planVersion: number;
  /** End of the trial, before which nothing is charged; null without one. */
  trialEndsAt: Date | null;
  /** Members beyond those of the plan that its subscription pays for; null without one that grants a plan. */
  seats: number | null;
  /** Limits of its row that differ from the plan's. */
  limits: Readonly<Record<string, number>>;
  grants: readonly EntitlementGrant[];
}

/** Where a value comes from. */
export type EntitlementSource = 'plan' | 'override';

export interface Entitlements {
  limits: Record<EntitlementLimit, { value: number; source: EntitlementSource }>;
  features: Record<Feature, { enabled: boolean; source: EntitlementSource }>;
  /** The amount that a calendar month includes; `credit` is the part granted by operators. */
  included: Record<IncludedMeter, { amount: number; credit: number }>;
  /** Whether more than what is included is refused, or charged. */
  beyondIncluded: BeyondIncluded;
}

/** Whether a grant holds at a moment. */
export const isInForce = (
  { startsAt, endsAt, revokedAt }: Pick<EntitlementGrant, 'startsAt' | 'endsAt' | 'revokedAt'>,
  nowMs: number,
): boolean =>
  [revokedAt, endsAt].every((end) => end === null || end.getTime() > nowMs) && startsAt.getTime() <= nowMs;

const mapNames = <K extends string, V>(names: readonly K[], valueOf: (name: K) => V) =>
  Object.fromEntries(names.map((name) => [name, valueOf(name)])) as Record<K, V>;

/**
 * The entitlements of an organization at a moment. The newest of several overrides counts, then the limits of the
 * organization's row, then its version of the plan, with the seats of the subscription as further members. Credits add
 * up. In a trial, usage beyond the included amounts is refused. The functions `entitled_to` and `monthly_limit` are
 * this rule in the database.
 */
export function entitlementsOf(
  { plan, planVersion, trialEndsAt, seats, limits, grants }: EntitlementBasis,
  nowMs: number,
): Entitlements {
  const terms = termsOf(plan, planVersion);
  const inForce = grants.filter((grant) => isInForce(grant, nowMs));
  const newest = (kind: GrantKind, name: string) =>
    inForce
      .filter((grant) => grant.kind === kind && grant.name === name)
      .reduce<EntitlementGrant | undefined>(
        (last, grant) => (last && last.id > grant.id ? last : grant),
        undefined,
      );
  return {
    limits: mapNames(LIMITS, (name) => {
      const override = newest('limit', name)?.value ?? limits[name];
      const bought = name === 'members' ? (seats ?? 0) : 0;
      return {
        value: override ?? terms.limits[name] + bought,
        source: override === undefined ? 'plan' : 'override',
      };
    }),
    features: mapNames(FEATURES, (name) => {
      const override = newest('feature', name)?.value;
      return override === undefined
        ? { enabled: terms.features[name], source: 'plan' }
        : { enabled: override > 0, source: 'override' };
    }),
    included: mapNames(INCLUDED_METERS, (meter) => {
      const credit = inForce
        .filter((grant) => grant.kind === 'credit' && grant.name === meter)
        .reduce((sum, grant) => sum + grant.value, 0);
      return { amount: terms.included[meter] + credit, credit };
    }),
    beyondIncluded: trialEndsAt !== null && trialEndsAt.getTime() > nowMs ? 'refused' : terms.beyondIncluded,
  };
}
