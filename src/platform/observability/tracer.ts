import {
  type Clock,
  hex,
  type Ids,
  type SpanOptions,
  type Tracer,
  createUnrecordedTrace,
} from '../../kernel/core/index.ts';
import type { SpanExporter, Span } from './otlp-exporter.ts';

/** `00-<trace id>-<span id>-<flags>` */
const parseTraceparent = (traceparent: string) => ({
  traceId: traceparent.slice(3, 35),
  spanId: traceparent.slice(36, 52),
  flags: traceparent.slice(53),
});

/**
 * Whether a trace belongs to the share that is written. The trace id decides, so that a request, the messages it causes
 * and their events are kept together or not at all.
 */
export function isSampled(traceparent: string, rate: number): boolean {
  return Number.parseInt(traceparent.slice(27, 35), 16) / 2 ** 32 < rate;
}

const SAMPLED_FLAG = 1;
const isSamplingRequested = (flags: string) => (Number.parseInt(flags, 16) & SAMPLED_FLAG) === SAMPLED_FLAG;

/** A request with more spans keeps the first ones. */
const MAX_SPANS_PER_TRACE = 200;

/** Passes trace contexts on and records nothing. */
export const noopTracer: Tracer = {
  begin: ({ traceparent }) => ({ ...createUnrecordedTrace(traceparent), end: () => undefined }),
};

export interface TracerOptions {
  exporter: SpanExporter;
  clock: Clock;
  ids: Ids;
  /** Share of unremarkable traces that are kept, 0 to 1. */
  sampleRate: number;
}

/** Records the spans of each trace in memory and gives those that are kept to the exporter when the root span ends. */
export function createTracer({ exporter, clock, ids, sampleRate }: TracerOptions): Tracer {
  return {
    begin({ traceparent, parentSpanId, name, kind }) {
      const { traceId, spanId, flags } = parseTraceparent(traceparent);
      // The caller asked not to record this trace.
      if (!isSamplingRequested(flags)) return { ...createUnrecordedTrace(traceparent), end: () => undefined };
      const startMs = clock.now();
      const children: Span[] = [];
      const recordSpan = (start: SpanOptions, id: string, childStartMs: number, failed: boolean) => {
        if (children.length >= MAX_SPANS_PER_TRACE) return;
        children.push({
          traceId,
          spanId: id,
          parentSpanId: spanId,
          name: start.name,
          kind: start.kind,
          startMs: childStartMs,
          endMs: clock.now(),
          attributes: start.attributes ?? {},
          failed,
        });
      };
      return {
        traceparent,
        async span(start, work) {
          const id = hex(ids.random(8));
          const childStartMs = clock.now();
          let failed = true;
          try {
            const result = await work(`00-${traceId}-${id}-${flags}`);
            failed = false;
            return result;
          } finally {
            recordSpan(start, id, childStartMs, failed);
          }
        },
        end({ failed, remarkable, attributes }, after) {
          if (!remarkable && !isSampled(traceparent, sampleRate)) return;
          const root: Span = {
            traceId,
            spanId,
            parentSpanId,
            name,
            kind,
            startMs,
            endMs: clock.now(),
            attributes,
            failed,
          };
          exporter.add([root, ...children], after);
        },
      };
    },
  };
}
