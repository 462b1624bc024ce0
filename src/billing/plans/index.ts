export { selectPlan } from './entitlements.queries.ts';
