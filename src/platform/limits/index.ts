export type { LimitDecision, Limiter, LimitRule, LimitSubject } from './limits.ports.ts';
