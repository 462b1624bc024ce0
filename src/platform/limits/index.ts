export { networkOf } from './addresses.ts';
export { type CallLimits, createCallLimits } from './call-limits.ts';
export { limitJobs } from './limits.jobs.ts';
export { limitRoutes } from './limits.routes.ts';
export { LimitKeeper } from './keeper.ts';
export { createLeasedLimiter } from './leased-limiter.ts';
export type {
  Budget,
  BudgetAnswer,
  Budgets,
  BudgetState,
  LeaseAnswer,
  LeaseRequest,
  LimitCounters,
  LimitDecision,
  LimitedCall,
  Limiter,
  LimitOverrides,
  LimitOverridesPort,
  LimitRule,
  LimitSubject,
  Reservation,
} from './limits.ports.ts';
export { DueList, type KeyValues } from './storage.ts';
