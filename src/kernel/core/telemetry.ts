import type { Trace } from './trace.ts';

/** The counters of an isolate since it started, with their help texts. */
export const COUNTERS = {
  auralink_isolate_requests_total: 'Requests answered, by route, method and class of status',
  auralink_isolate_limiter_decisions_total: 'Rate limit decisions: admitted, refused, degraded (not counted)',
  auralink_isolate_database_round_trips_total: 'Round trips to the database, by kind',
  auralink_isolate_outbox_handled_total: 'Outbox messages handled, by type and outcome',
  auralink_isolate_cluster_events_total:
    'Events of media clusters: stored, foreign (belongs to no call), refused (bad signature), failed',
  auralink_isolate_cluster_times_dropped_total:
    'Times that media clusters reported and that cannot be true, by cluster',
  auralink_isolate_provider_events_total:
    'Events of payment providers: stored, known (stored before), refused (bad signature), failed',
  auralink_isolate_ai_breakers_opened_total:
    'Breakers of AI models that opened, by provider, model and key (own, platform)',
  auralink_isolate_cron_runs_total: 'Runs of scheduled tasks, by name and outcome',
  auralink_isolate_spans_total: 'Trace spans: exported, failed (the collector refused them), dropped',
} as const;
export type CounterName = keyof typeof COUNTERS;

export type Labels = Readonly<Record<string, string>>;

export interface Counters {
  add(name: CounterName, labels: Labels, by?: number): void;
  /** Counts one answered request. */
  request(request: { route: string; method: string; status: number; durationMs: number }): void;
  /** Prometheus text 0.0.4; every series has the label `isolate`, because no isolate knows the others' counts. */
  render(isolate: string): string;
}

export interface RootSpan {
  /** The trace context of this span, as `continueTrace` makes it. */
  traceparent: string;
  /** The caller's span; null where the trace begins here. */
  parentSpanId: string | null;
  name: string;
  /** `server` for a request, `consumer` for a queue message, `internal` for a scheduled task. */
  kind: 'server' | 'consumer' | 'internal';
}

export interface TraceOutcome {
  failed: boolean;
  /** Failed or slow: its spans are exported regardless of sampling. */
  remarkable: boolean;
  attributes: Readonly<Record<string, string | number | boolean | null | undefined>>;
}

/** A trace that is being recorded; its root span ends with the response. */
export interface RunningTrace extends Trace {
  /** @param after keeps the isolate alive while the spans are exported */
  end(outcome: TraceOutcome, after: (work: Promise<unknown>) => void): void;
}

export interface Tracer {
  begin(root: RootSpan): RunningTrace;
}

/** Tracing and counters of one isolate. */
export interface Telemetry {
  tracer: Tracer;
  counters: Counters;
  /** Random name of this isolate, which keeps its counts apart from those of other isolates. */
  isolate: string;
}
