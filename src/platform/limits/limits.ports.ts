/** A limit as it applies to one caller: at most `limit` admissions in each window of `windowSeconds`. */
export interface LimitRule {
  /** Stable name, as the `RateLimit-Policy` header shows it. */
  name: string;
  limit: number;
  windowSeconds: number;
}

export interface LimitSubject {
  /** Which object counts: an organization's id, or what stands for an address. */
  owner: string;
  /** Who is counted within it. */
  subject: string;
}

export interface LimitDecision {
  admitted: boolean;
  rule: LimitRule;
  /** Admissions left that this isolate knows of; never more than there are. */
  remaining: number;
  /** Seconds until the window ends. */
  resetSeconds: number;
  /** The counting object could not be reached, and the request was let through uncounted. */
  degraded?: boolean;
}

export interface Limiter {
  /** Takes one admission; usually without leaving the isolate. */
  take(who: LimitSubject, rule: LimitRule): LimitDecision | Promise<LimitDecision>;
}

declare module '../context/context.ts' {
  interface Ports {
    limiter: Limiter;
  }
}
