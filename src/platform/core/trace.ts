export interface SpanOptions {
  /** Low in number: `db.read`, `mail POST`, never an id. */
  name: string;
  /** `client` for what is asked of somebody else. */
  kind: 'internal' | 'client';
  attributes?: Record<string, string | number | boolean>;
}

/** The trace that a request, message or run belongs to; implementations export it (see `platform/observability`). */
export interface Trace {
  /** The W3C trace context to pass on: on outgoing calls, with effects. */
  readonly traceparent: string;
  /** Runs `work` as a child span and rethrows what it throws; `traceparent` is the child's own. */
  span<T>(start: SpanOptions, work: (traceparent: string) => Promise<T>): Promise<T>;
}

/** A trace that is passed on and not recorded. */
export function createUnrecordedTrace(traceparent: string): Trace {
  return { traceparent, span: (_start, work) => work(traceparent) };
}
