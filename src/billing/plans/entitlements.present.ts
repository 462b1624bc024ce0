import {
  type Entitlements,
  FEATURES,
  INCLUDED_METERS,
  LIMITS,
  type PlanName,
} from '../../identity/entitlements/index.ts';
import { requestRatesOf } from '../../platform/limits/index.ts';
import type { EntitlementsView } from './entitlements.schemas.ts';

/** @param used the current number of things that a limit counts; null where it bounds the size of one thing */
export function presentEntitlements(
  { plan, planVersion, seats }: { plan: PlanName; planVersion: number; seats: number | null },
  { limits, features, included, beyondIncluded }: Entitlements,
  used: Readonly<Record<keyof Entitlements['limits'], number | null>>,
): Omit<EntitlementsView, 'grants'> {
  return {
    plan,
    planVersion,
    seats: seats ?? 0,
    limits: LIMITS.map((name) => {
      const [{ value }, use] = [limits[name], used[name]];
      return { name, ...limits[name], used: use, left: use === null ? null : Math.max(value - use, 0) };
    }),
    features: FEATURES.map((name) => ({ name, ...features[name] })),
    requestsPerMinute: requestRatesOf(plan),
    included: INCLUDED_METERS.map((meter) => ({ meter, ...included[meter] })),
    beyondIncluded,
  };
}
