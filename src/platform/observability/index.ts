export { type Counters, heading, sample } from './counters.ts';
export { createLog, type LogSink } from './log.ts';
export type { Analytics, DataPoint } from './observability.ports.ts';
export { createObserver, isRemarkable, type RequestEvent } from './observe.ts';
export { type Fetch, outgoingFetch } from './outgoing.ts';
export { maskText, redact } from './redact.ts';
export { createTelemetry, parseHeaders, type Telemetry } from './telemetry.ts';
export type { RunningTrace, Tracer } from './tracer.ts';
