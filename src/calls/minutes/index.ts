export {
  budgetLeftMs,
  deleteMinuteBudget,
  type MinuteBudget,
  selectActiveCalls,
  selectCallsConnectedSince,
  selectConnected,
  upsertMinuteBudget,
} from './budget.queries.ts';
export { holdMinutes } from './minutes.queries.ts';
export { connectRefusal, releaseMinutes, reserveMinutes } from './reserves.queries.ts';
export { RESERVED_MS } from './minutes.rules.ts';
