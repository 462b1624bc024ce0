export { networkOf } from './address-subjects.ts';
export { type RequestLimits, createRequestLimits } from './request-limits.ts';
export { requestRatesOf } from './limits.rules.ts';
export { LimiterCore } from './limiter-core.ts';
export { createLeasedLimiter } from './leased-limiter.ts';
export type {
  Budget,
  BudgetAnswer,
  Budgets,
  BudgetState,
  LeaseAnswer,
  LeaseRequest,
  LimitCounters,
  LimitOverrides,
  LimitOverridesPort,
  Reservation,
} from './limits.ports.ts';
export * from './limits.events.ts';
