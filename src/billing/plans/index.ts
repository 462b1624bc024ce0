export { selectGrants, selectPlan } from './entitlements.queries.ts';
