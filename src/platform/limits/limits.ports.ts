/** A limit as it applies to one caller: at most `limit` admissions in each window of `windowSeconds`. */
export interface LimitRule {
  /** Stable name, as the `RateLimit-Policy` header shows it and as an override names it. */
  name: string;
  limit: number;
  windowSeconds: number;
  /** Lets a few through uncounted when the counting object cannot be reached; every other rule then refuses. */
  failOpen?: boolean;
}

export interface LimitSubject {
  /** Which object counts: an organization's id, or what stands for a share of all addresses. */
  owner: string;
  /** Who is counted within it. */
  subject: string;
}

/** One rule that counts a call, and whom it counts. */
export interface AppliedLimit {
  target: LimitSubject;
  rule: LimitRule;
}

export interface LimitDecision {
  admitted: boolean;
  /** As it was applied: an operator's override may have changed its limit. */
  rule: LimitRule;
  /** Admissions left in the window as last heard from the object, at most 5 s ago; others may have taken some since. */
  remaining: number;
  /** Seconds until the window ends, or until it is worth trying again while degraded. */
  resetSeconds: number;
  /** The counting object could not be reached: decided here, uncounted. */
  degraded?: boolean;
  /** Why it could not be reached; for the log alone. */
  cause?: unknown;
}

export interface Limiter {
  /** Takes one admission; a plain value when a lease is at hand, which is the usual case. Never rejects. */
  take(target: LimitSubject, rule: LimitRule): LimitDecision | Promise<LimitDecision>;
}

/** What an isolate asks of the object that counts. */
export interface LeaseRequest {
  subject: string;
  rule: LimitRule;
  /** Callers who wait for this answer: at least as many are granted, if there are as many. */
  waiters: number;
  /** Admissions this isolate spent in the window; no more than these are granted on top. */
  spent: number;
  /** Unspent admissions of `window` that the isolate has already given up. */
  returned: number;
  /** The window the isolate last heard of; -1 for none. */
  window: number;
}

export interface LeaseAnswer {
  granted: number;
  /** The limit that was applied. */
  limit: number;
  /** What is left after this grant. */
  remaining: number;
  /** Number of the window since the epoch, by the object's clock. */
  window: number;
  /** Milliseconds left in it; a duration, because the clocks of isolate and object need not agree. */
  leftMs: number;
}

/** The objects that count, one for each owner. */
export interface LimitCounters {
  lease(owner: string, request: LeaseRequest): Promise<LeaseAnswer>;
}

/** An operator's values for an organization, in place of its plan's. */
export interface LimitOverrides {
  limits: Record<string, number>;
  /** When they were decided, milliseconds since the epoch; null when there never were any. */
  setAtMs: number | null;
}

export interface LimitOverridesPort {
  read(organizationId: string): Promise<LimitOverrides>;
  /** Replaces them all, unless what is stored was decided later. */
  write(
    organizationId: string,
    overrides: { limits: Record<string, number>; setAtMs: number },
  ): Promise<void>;
}

/** What may be spent: at most `limit` units in each period, or ever when `periodSeconds` is null. */
export interface Budget {
  name: string;
  limit: number;
  periodSeconds: number | null;
}

export interface BudgetState {
  limit: number;
  /** Settled. May exceed the limit, because what was really used is recorded as it is. */
  spent: number;
  /** Reserved and not yet settled, released or expired. */
  held: number;
  available: number;
  /** How far `spent` is beyond the limit. */
  overshoot: number;
}

export interface Reservation {
  /** Names the reservation; the same id again is the same reservation, for a day after it ended. */
  id: string;
  /** In the budget's units, a whole number. */
  amount: number;
  /** When it is given back by itself; at most a day. */
  ttlMs: number;
}

export type BudgetOutcome = 'reserved' | 'refused' | 'settled' | 'released' | 'unknown';

export interface BudgetAnswer {
  /** `unknown` when there never was such a reservation, or it was forgotten a day after it ended. */
  outcome: BudgetOutcome;
  /** Of the budget and period that the reservation belongs to; null when it is unknown. */
  state: BudgetState | null;
}

/** Live budgets of an organization. All amounts are whole numbers of the budget's unit, never negative. */
export interface Budgets {
  /** Sets an amount aside: `reserved`, or `refused` when less is available. */
  reserve(organizationId: string, budget: Budget, reservation: Reservation): Promise<BudgetAnswer>;
  /** Replaces a reservation by what was really used, also after it expired and also when that is more. */
  settle(organizationId: string, reservationId: string, actual: number): Promise<BudgetAnswer>;
  /** Gives a reservation back; one that was settled stays settled. */
  release(organizationId: string, reservationId: string): Promise<BudgetAnswer>;
  read(organizationId: string, budget: Budget): Promise<BudgetState>;
}

declare module '../../kernel/context/context.ts' {
  interface Ports {
    limiter: Limiter;
    limitOverrides: LimitOverridesPort;
    budgets: Budgets;
  }
}
