/** A limit as it applies to one caller: at most `limit` admissions in each window of `windowSeconds`. */
export interface LimitRule {
  /** Stable name, used in the `RateLimit-Policy` header and in overrides. */
  name: string;
  limit: number;
  windowSeconds: number;
  /** Admits some requests uncounted while the object cannot be reached; other rules then refuse. */
  failOpen?: boolean;
}

export interface LimitSubject {
  /** The object that counts: an organization's id, or a shard of the addresses. */
  owner: string;
  /** The subject that is counted: a user, API key, organization or address. */
  subject: string;
}

/** A rule that counts a request, and the subject it counts. */
export interface AppliedLimit {
  target: LimitSubject;
  rule: LimitRule;
}

export interface LimitDecision {
  admitted: boolean;
  /** The applied rule; an operator's override may have changed its limit. */
  rule: LimitRule;
  /** Admissions left in the window as the object last reported, at most 5 s ago; others may have spent some since. */
  remaining: number;
  /** Seconds until the window ends; while degraded, until a retry makes sense. */
  resetSeconds: number;
  /** The object could not be reached: decided in the isolate, not counted. */
  degraded?: boolean;
  /** Why it could not be reached; for the log only. */
  cause?: unknown;
}

export interface Limiter {
  /** Takes one admission; returns a plain value when a lease is at hand, the usual case. Never rejects. */
  take(target: LimitSubject, rule: LimitRule): LimitDecision | Promise<LimitDecision>;
}

declare module '../../kernel/context/context.ts' {
  interface Ports {
    limiter: Limiter;
  }
}
