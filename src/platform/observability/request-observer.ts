import type { Log } from '../../kernel/core/index.ts';
import type { Counters } from '../../kernel/core/index.ts';
import type { Analytics } from './observability.ports.ts';
import { isSampled } from './tracer.ts';

/** The wide event of a request. */
export type RequestEvent = {
  requestId: string;
  traceparent: string;
  method: string;
  /** The path with the names of its parameters, never their values. */
  route: string;
  operationId: string;
  status: number;
  durationMs: number;
  actorKind: string;
  actorId: string | null;
  organizationId: string | null;
  roundTrips: number;
  /** Numbers of rate limit decisions: admitted, refused, decided without counting. */
  admitted: number;
  refused: number;
  degraded: number;
  replayed?: boolean;
  code?: string;
  /** The cause of an error that was answered. */
  cause?: unknown;
  error?: unknown;
};

export interface ObserverOptions {
  log: Log;
  counters: Counters;
  analytics: Analytics;
  /** Share of successful requests whose event is written, 0 to 1. */
  sampleRate: number;
}

/** From this duration a successful request is always logged. */
export const SLOW_MS = 1_000;

/** Whether a request failed on our side or was slow; such requests are kept regardless of sampling. */
export const isRemarkable = ({ status, durationMs }: { status: number; durationMs: number }) =>
  status >= 500 || durationMs >= SLOW_MS;

function countLimiterDecisions(counters: Counters, { admitted, refused, degraded }: RequestEvent): void {
  const name = 'auralink_isolate_limiter_decisions_total';
  if (admitted > 0) counters.add(name, { decision: 'admitted' }, admitted);
  if (refused > 0) counters.add(name, { decision: 'refused' }, refused);
  if (degraded > 0) counters.add(name, { decision: 'degraded' }, degraded);
}

/** Handles the event of each request: counts it, sends it to analytics, logs it. Never throws. */
export function createObserver({ log, counters, analytics, sampleRate }: ObserverOptions) {
  return (event: RequestEvent): void => {
    const { organizationId, route, method, status, code = '', durationMs, roundTrips } = event;
    counters.request({ route, method, status, durationMs });
    countLimiterDecisions(counters, event);
    try {
      analytics.write({ organizationId, route, method, status, code, durationMs, roundTrips });
    } catch (error) {
      log.warn('analytics.failed', { error });
    }
    if (status >= 500) log.error('http.request', event);
    else if (status >= 400 || isRemarkable(event) || isSampled(event.traceparent, sampleRate))
      log.info('http.request', event);
  };
}
