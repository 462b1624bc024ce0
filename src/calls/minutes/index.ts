export {
  budgetLeftMs,
  deleteMinuteBudget,
  type MinuteBudget,
  selectActiveCalls,
  selectConnectedTime,
  upsertMinuteBudget,
} from './budget.queries.ts';
export { holdMinutes } from './minutes.queries.ts';
export { RESERVED_MS } from './minutes.rules.ts';
