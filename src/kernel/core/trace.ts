import { hex } from './encoding.ts';
import type { Ids } from './ids.ts';

const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})$/;
const SAMPLED_FLAGS = '01';

/** A W3C trace context that continues the caller's trace, or starts one, with a new span id. */
export function continueTrace(traceparent: string | null, ids: Ids): string {
  const match = traceparent === null ? null : TRACEPARENT.exec(traceparent);
  const random = hex(ids.random(24));
  const traceId = match?.[1] ?? random.slice(0, 32);
  return `00-${traceId}-${random.slice(32)}-${match?.[2] ?? SAMPLED_FLAGS}`;
}

/** The span id in a well-formed `traceparent`, which becomes the parent span; null otherwise. */
export function readParentSpanId(traceparent: string | null): string | null {
  return traceparent !== null && TRACEPARENT.test(traceparent) ? traceparent.slice(36, 52) : null;
}

export interface SpanOptions {
  /** One of few names: `db.read`, `mail POST`; never an id. */
  name: string;
  /** `client` for a call to another system. */
  kind: 'internal' | 'client';
  attributes?: Record<string, string | number | boolean>;
}

/** The trace of a request, message or run; implementations export it (see `platform/observability`). */
export interface Trace {
  /** The W3C trace context to pass on: on outgoing calls, with events. */
  readonly traceparent: string;
  /** Runs `work` as a child span and rethrows what it throws; `traceparent` is the child's own. */
  span<T>(start: SpanOptions, work: (traceparent: string) => Promise<T>): Promise<T>;
}

/** A trace context that is passed on without being recorded. */
export class UnrecordedTrace implements Trace {
  readonly traceparent: string;

  constructor(traceparent: string) {
    this.traceparent = traceparent;
  }

  span<T>(_start: SpanOptions, work: (traceparent: string) => Promise<T>): Promise<T> {
    return work(this.traceparent);
  }

  /** Ends nothing: no span was recorded. */
  end(): void {}
}
