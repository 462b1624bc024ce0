export {
  CURRENT_PLAN_VERSION,
  describePlan,
  MOST_SEATS,
  PLAN_NAMES,
  type PlanName,
  termsOf,
} from './catalogue.rules.ts';
export {
  type BeyondIncluded,
  FEATURES,
  GRANT_KINDS,
  INCLUDED_METERS,
  INCLUDED_UNITS,
  type IncludedMeter,
  LIMITS,
} from './entitlements.enums.ts';
export { entitlementErrors } from './entitlements.errors.ts';
export { type EntitlementBasis, type Entitlements, entitlementsOf, isInForce } from './entitlements.rules.ts';
export {
  entitledTo,
  entitledToFeature,
  holdFeature,
  holdLimit,
  holdSize,
  holdTotal,
  includedTerms,
  monthlyLimit,
} from './hold-limit.queries.ts';
export { limitOnPlan } from './catalogue.rules.ts';
export {
  beyondIncludedSchema,
  featureNameSchema,
  limitNameSchema,
  meterNameSchema,
  planTermFields,
  requestRatesSchema,
} from './entitlements.schemas.ts';
