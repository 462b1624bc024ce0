export { selectMembersSet, selectPlan, selectPlanAndUse } from './entitlements.queries.ts';
export { INTERVALS, type PlanInterval, PRICES } from './prices.rules.ts';
