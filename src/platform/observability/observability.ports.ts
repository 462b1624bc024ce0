/** One request in figures, for questions over weeks: which organization, route and error, how slow, how many. */
export interface RequestDataPoint {
  organizationId: string | null;
  route: string;
  method: string;
  status: number;
  /** The error's code; empty for a success. */
  code: string;
  durationMs: number;
  roundTrips: number;
}

export interface Analytics {
  /** Hands a point over without waiting for it. */
  write(point: RequestDataPoint): void;
}

declare module '../../kernel/context/context.ts' {
  interface Ports {
    analytics: Analytics;
  }
}
