/** One request as figures for reports over weeks: organization, route, error, duration. */
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
  /** Sends a point without waiting for it. */
  write(point: RequestDataPoint): void;
}

declare module '../../kernel/context/context.ts' {
  interface Ports {
    analytics: Analytics;
  }
}
