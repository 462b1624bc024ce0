import { hex } from './encoding.ts';
import type { Ids } from './ids.ts';

const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})$/;
const SAMPLED_FLAGS = '01';

/** A W3C trace context that continues the caller's trace, or begins one, with a span id of our own. */
export function continueTrace(traceparent: string | null, ids: Ids): string {
  const match = traceparent === null ? null : TRACEPARENT.exec(traceparent);
  const traceId = match?.[1] ?? hex(ids.random(16));
  return `00-${traceId}-${hex(ids.random(8))}-${match?.[2] ?? SAMPLED_FLAGS}`;
}

/** The span that a well-formed `traceparent` names as its own: the parent of what follows. */
export function readParentSpanId(traceparent: string | null): string | null {
  return traceparent !== null && TRACEPARENT.test(traceparent) ? traceparent.slice(36, 52) : null;
}

export interface SpanOptions {
  /** Low in number: `db.read`, `mail POST`, never an id. */
  name: string;
  /** `client` for what is asked of somebody else. */
  kind: 'internal' | 'client';
  attributes?: Record<string, string | number | boolean>;
}

/** The trace that a request, message or run belongs to; implementations export it (see `platform/observability`). */
export interface Trace {
  /** The W3C trace context to pass on: on outgoing calls, with events. */
  readonly traceparent: string;
  /** Runs `work` as a child span and rethrows what it throws; `traceparent` is the child's own. */
  span<T>(start: SpanOptions, work: (traceparent: string) => Promise<T>): Promise<T>;
}

/** A trace that is passed on and not recorded. */
export function createUnrecordedTrace(traceparent: string): Trace {
  return { traceparent, span: (_start, work) => work(traceparent) };
}
