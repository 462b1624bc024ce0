import type { Trace } from './trace.ts';

/** What an isolate counts since it started. One line each: its type and what it means. */
export const COUNTERS = {
  auralink_isolate_requests_total: 'Requests answered, by route, method and class of status',
  auralink_isolate_limiter_decisions_total: 'Rate limit decisions: admitted, refused, degraded (uncounted)',
  auralink_isolate_database_round_trips_total: 'Round trips to the database, by kind',
  auralink_isolate_outbox_handled_total: 'Outbox messages handled, by type and outcome',
  auralink_isolate_cluster_events_total:
    'Events of media clusters: stored, foreign (of no call), refused (badly signed), failed',
  auralink_isolate_cron_runs_total: 'Runs of regular work, by name and outcome',
  auralink_isolate_spans_total: 'Trace spans: exported, failed (the collector did not take them), dropped',
} as const;
export type CounterName = keyof typeof COUNTERS;

export type Labels = Readonly<Record<string, string>>;

export interface Counters {
  add(name: CounterName, labels: Labels, by?: number): void;
  /** One answered request. */
  request(request: { route: string; method: string; status: number; durationMs: number }): void;
  /** Prometheus text 0.0.4; every series carries `isolate`, because no isolate knows of the others. */
  render(isolate: string): string;
}

export interface RootSpan {
  /** Its own trace context, as `continueTrace` makes it. */
  traceparent: string;
  /** The caller's span; null where the trace begins here. */
  parentSpanId: string | null;
  name: string;
  /** `server` for a request, `consumer` for a message, `internal` for regular work. */
  kind: 'server' | 'consumer' | 'internal';
}

export interface TraceOutcome {
  failed: boolean;
  /** Failed or slow: its spans are kept whatever the sampling says. */
  remarkable: boolean;
  attributes: Readonly<Record<string, string | number | boolean | null | undefined>>;
}

/** A trace that is being recorded: its root span ends when the answer is known. */
export interface RunningTrace extends Trace {
  /** @param after keeps the isolate alive while the spans leave */
  end(outcome: TraceOutcome, after: (work: Promise<unknown>) => void): void;
}

export interface Tracer {
  begin(root: RootSpan): RunningTrace;
}

/** What an isolate knows about itself: one for each. */
export interface Telemetry {
  tracer: Tracer;
  counters: Counters;
  /** Random name of this isolate, so that its counts are not taken for everybody's. */
  isolate: string;
}
