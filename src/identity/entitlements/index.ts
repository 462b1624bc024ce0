export { CURRENT_PLAN_VERSION, describePlan, PLAN_NAMES, type PlanName } from './catalogue.rules.ts';
export { INCLUDED_METERS, type IncludedMeter } from './entitlements.enums.ts';
export { describeTerms } from './entitlements.schemas.ts';
