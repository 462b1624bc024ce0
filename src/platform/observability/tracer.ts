import {
  type Clock,
  UnrecordedTrace,
  hex,
  type Ids,
  type RootSpan,
  type RunningTrace,
  type SpanOptions,
  type TraceOutcome,
  type Tracer,
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
  begin: ({ traceparent }) => new UnrecordedTrace(traceparent),
};

export interface TracerOptions {
  exporter: SpanExporter;
  clock: Clock;
  ids: Ids;
  /** Share of unremarkable traces that are kept, 0 to 1. */
  sampleRate: number;
}

/** Records the spans of one trace in memory and gives them to the exporter when the root span ends. */
class RecordedTrace implements RunningTrace {
  readonly traceparent: string;
  readonly #root: RootSpan;
  readonly #ids: ReturnType<typeof parseTraceparent>;
  readonly #options: TracerOptions;
  readonly #startMs: number;
  readonly #children: Span[] = [];

  constructor(root: RootSpan, ids: ReturnType<typeof parseTraceparent>, options: TracerOptions) {
    this.traceparent = root.traceparent;
    this.#root = root;
    this.#ids = ids;
    this.#options = options;
    this.#startMs = options.clock.now();
  }

  async span<T>(start: SpanOptions, work: (traceparent: string) => Promise<T>): Promise<T> {
    const { traceId, flags } = this.#ids;
    const id = hex(this.#options.ids.random(8));
    const startMs = this.#options.clock.now();
    let failed = true;
    try {
      const result = await work(`00-${traceId}-${id}-${flags}`);
      failed = false;
      return result;
    } finally {
      this.#recordChild(start, id, startMs, failed);
    }
  }

  end({ failed, remarkable, attributes }: TraceOutcome, after: (work: Promise<unknown>) => void): void {
    const { exporter, clock, sampleRate } = this.#options;
    if (!remarkable && !isSampled(this.traceparent, sampleRate)) return;
    const { traceId, spanId } = this.#ids;
    const { parentSpanId, name, kind } = this.#root;
    const endMs = clock.now();
    const root = {
      traceId,
      spanId,
      parentSpanId,
      name,
      kind,
      startMs: this.#startMs,
      endMs,
      attributes,
      failed,
    };
    exporter.add([root, ...this.#children], after);
  }

  #recordChild(
    { name, kind, attributes = {} }: SpanOptions,
    id: string,
    startMs: number,
    failed: boolean,
  ): void {
    if (this.#children.length >= MAX_SPANS_PER_TRACE) return;
    const { traceId, spanId: parentSpanId } = this.#ids;
    const endMs = this.#options.clock.now();
    this.#children.push({
      traceId,
      spanId: id,
      parentSpanId,
      name,
      kind,
      startMs,
      endMs,
      attributes,
      failed,
    });
  }
}

/** Records traces, unless the caller asked in `traceparent` not to record them. */
export function createTracer(options: TracerOptions): Tracer {
  return {
    begin(root) {
      const ids = parseTraceparent(root.traceparent);
      return isSamplingRequested(ids.flags) ? new RecordedTrace(root, ids, options) : noopTracer.begin(root);
    },
  };
}
