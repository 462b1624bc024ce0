export { formatMetricHeading, formatSample } from './counters.ts';
export { createLog, type LogSink } from './log.ts';
export type { Analytics, RequestDataPoint } from './observability.ports.ts';
export { createObserver, isRemarkable, type RequestEvent } from './request-observer.ts';
export { type Fetch, createTracedFetch } from './traced-fetch.ts';
export { createTelemetry, parseOtlpHeaders } from './telemetry.ts';
