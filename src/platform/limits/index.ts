export { networkOf } from './addresses.ts';
export { type RequestLimits, createRequestLimits } from './call-limits.ts';
export { limitSubscriptions } from './limits.jobs.ts';
export { limitRoutes } from './limits.routes.ts';
export { LimiterCore } from './keeper.ts';
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
  AppliedLimit,
  Limiter,
  LimitOverrides,
  LimitOverridesPort,
  LimitRule,
  LimitSubject,
  Reservation,
} from './limits.ports.ts';
export { DueList, type KeyValueStorage } from './storage.ts';
