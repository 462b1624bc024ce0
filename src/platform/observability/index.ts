export { type Counters, formatMetricHeading, formatSample } from './counters.ts';
export { createLog, type LogSink } from './log.ts';
export type { Analytics, RequestDataPoint } from './observability.ports.ts';
export { createObserver, isRemarkable, type RequestEvent } from './observe.ts';
export { type Fetch, createTracedFetch } from './outgoing.ts';
export { maskText, redact } from './redact.ts';
export { createTelemetry, parseOtlpHeaders, type Telemetry } from './telemetry.ts';
export type { RunningTrace, Tracer } from './tracer.ts';
