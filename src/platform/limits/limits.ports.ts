import type { LimitRule } from '../http/index.ts';

/** An isolate's request for a lease. */
export interface LeaseRequest {
  subject: string;
  rule: LimitRule;
  /** Callers that wait for this answer: at least as many admissions are granted, if available. */
  waiters: number;
  /** Admissions this isolate spent in the window; at most as many are granted in advance. */
  spent: number;
  /** Unspent admissions of `window` that the isolate returns. */
  returned: number;
  /** The window of the isolate's last lease; -1 for none. */
  window: number;
}

export interface LeaseAnswer {
  granted: number;
  /** The limit that was applied. */
  limit: number;
  /** Admissions left after this grant. */
  remaining: number;
  /** Number of the window since the epoch, by the object's clock. */
  window: number;
  /** Milliseconds left in the window; a duration, because the clocks of isolate and object may differ. */
  leftMs: number;
}

/** The limiter objects, one per owner. */
export interface LimitCounters {
  lease(owner: string, request: LeaseRequest): Promise<LeaseAnswer>;
}

/** The limits an operator set for an organization; they replace those of its plan. */
export interface LimitOverrides {
  limits: Record<string, number>;
  /** When they were set, in milliseconds since the epoch; null when they never were. */
  setAtMs: number | null;
}

export interface LimitOverridesPort {
  read(organizationId: string): Promise<LimitOverrides>;
  /** Replaces all overrides, unless the stored ones are newer. */
  write(
    organizationId: string,
    overrides: { limits: Record<string, number>; setAtMs: number },
  ): Promise<void>;
}

/** At most `limit` units may be spent in each period, or in total when `periodSeconds` is null. */
export interface Budget {
  name: string;
  limit: number;
  periodSeconds: number | null;
  /** When its period ends, for one that is no fixed number of seconds, as a month; then `periodSeconds` is null. */
  endsAtMs?: number;
}

export interface BudgetState {
  limit: number;
  /** Settled amounts. May exceed the limit, because actual use is recorded as it is. */
  spent: number;
  /** Reserved amounts that are not yet settled, released or expired. */
  held: number;
  available: number;
  /** How far `spent` is beyond the limit. */
  overshoot: number;
}

export interface Reservation {
  /** Id of the reservation. The same id refers to the same reservation until a day after it ended. */
  id: string;
  /** In the budget's units, a whole number. */
  amount: number;
  /** Milliseconds after which it is released automatically; at most a day. */
  ttlMs: number;
}

export type BudgetOutcome = 'reserved' | 'refused' | 'settled' | 'released' | 'unknown';

export interface BudgetAnswer {
  /** `unknown` when there is no such reservation or it ended more than a day ago. */
  outcome: BudgetOutcome;
  /** State of the budget and period that the reservation belongs to; null when it is unknown. */
  state: BudgetState | null;
}

/** Live budgets of an organization. All amounts are whole numbers of the budget's unit, never negative. */
export interface Budgets {
  /** Reserves an amount: `reserved`, or `refused` when less is available. */
  reserve(organizationId: string, budget: Budget, reservation: Reservation): Promise<BudgetAnswer>;
  /** Replaces a reservation by the actual use, also after it expired and also when the use is higher. */
  settle(organizationId: string, reservationId: string, actual: number): Promise<BudgetAnswer>;
  /** Releases a reservation; a settled one stays settled. */
  release(organizationId: string, reservationId: string): Promise<BudgetAnswer>;
  read(organizationId: string, budget: Budget): Promise<BudgetState>;
}

declare module '../../kernel/context/context.ts' {
  interface Ports {
    limitOverrides: LimitOverridesPort;
    budgets: Budgets;
  }
}
