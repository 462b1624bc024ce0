import type { Counters } from '../../kernel/core/index.ts';

export interface Span {
  traceId: string;
  spanId: string;
  parentSpanId: string | null;
  name: string;
  kind: 'internal' | 'server' | 'client' | 'consumer';
  startMs: number;
  endMs: number;
  attributes: Readonly<Record<string, string | number | boolean | null | undefined>>;
  failed: boolean;
}

/** `SpanKind` of OpenTelemetry's trace.proto. */
const SPAN_KINDS = { internal: 1, server: 2, client: 3, consumer: 5 } as const;
const STATUS_ERROR = 2;

function toOtlpValue(value: string | number | boolean) {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}

const toOtlpAttributes = (attributes: Span['attributes']) =>
  Object.entries(attributes).flatMap(([key, value]) =>
    value === null || value === undefined ? [] : [{ key, value: toOtlpValue(value) }],
  );

const toNanoseconds = (ms: number) => `${Math.round(ms)}000000`;

/** Builds the JSON of OTLP's `ExportTraceServiceRequest`. */
export function buildExportRequest(spans: readonly Span[], resource: Span['attributes']): object {
  return {
    resourceSpans: [
      {
        resource: { attributes: toOtlpAttributes(resource) },
        scopeSpans: [
          {
            scope: { name: 'auralink' },
            spans: spans.map((span) => ({
              traceId: span.traceId,
              spanId: span.spanId,
              ...(span.parentSpanId === null ? {} : { parentSpanId: span.parentSpanId }),
              name: span.name,
              kind: SPAN_KINDS[span.kind],
              startTimeUnixNano: toNanoseconds(span.startMs),
              endTimeUnixNano: toNanoseconds(span.endMs),
              attributes: toOtlpAttributes(span.attributes),
              status: span.failed ? { code: STATUS_ERROR } : {},
            })),
          },
        ],
      },
    ],
  };
}

export interface SpanExporter {
  /** Adds finished spans, which are sent in a batch soon after. */
  add(spans: readonly Span[], after: (work: Promise<unknown>) => void): void;
}

export interface SpanExporterOptions {
  /** Base URL of the collector; spans are sent to `{endpoint}/v1/traces`. */
  endpoint: string;
  /** Headers the collector requires, such as a credential. */
  headers: Readonly<Record<string, string>>;
  /** Attributes of the service: `service.name` and so on. */
  resource: Span['attributes'];
  counters: Counters;
  fetch?: (url: string, init: RequestInit) => Promise<Response>;
  /** Milliseconds the first span of a batch waits for others. */
  delayMs?: number;
  timeLimitMs?: number;
}

/** Most spans buffered by an isolate; beyond it new ones are dropped, because the collector does not keep up. */
const MAX_BUFFERED_SPANS = 2_048;
const MAX_BATCH_SPANS = 512;

/**
 * Sends spans to an OpenTelemetry collector, OTLP over HTTP with JSON. The request that adds the first span of a batch
 * keeps the isolate alive until the batch was sent; others only add to it. Failures are counted, never thrown.
 */
class OtlpExporter implements SpanExporter {
  readonly #options: SpanExporterOptions;
  #bufferedSpans: Span[] = [];
  #isFlushScheduled = false;

  constructor(options: SpanExporterOptions) {
    this.#options = options;
  }

  add(spans: readonly Span[], after: (work: Promise<unknown>) => void): void {
    const capacity = Math.max(0, MAX_BUFFERED_SPANS - this.#bufferedSpans.length);
    if (spans.length > capacity) this.#count('dropped', spans.length - capacity);
    this.#bufferedSpans.push(...spans.slice(0, capacity));
    if (this.#isFlushScheduled) return;
    this.#isFlushScheduled = true;
    after(this.#flush());
  }

  async #flush(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, this.#options.delayMs ?? 500));
    this.#isFlushScheduled = false;
    while (this.#bufferedSpans.length > 0) {
      const batch = this.#bufferedSpans.slice(0, MAX_BATCH_SPANS);
      this.#bufferedSpans = this.#bufferedSpans.slice(MAX_BATCH_SPANS);
      this.#count((await this.#send(batch)) ? 'exported' : 'failed', batch.length);
    }
  }

  /** Returns whether the collector took the spans; when it is down or slow, only telemetry is lost. */
  async #send(spans: readonly Span[]): Promise<boolean> {
    const { endpoint, headers, resource, timeLimitMs = 5_000, fetch: call = plainFetch } = this.#options;
    try {
      const response = await call(`${endpoint.replace(/\/$/, '')}/v1/traces`, {
        method: 'POST',
        headers: { ...headers, 'Content-Type': 'application/json' },
        body: JSON.stringify(buildExportRequest(spans, resource)),
        signal: AbortSignal.timeout(timeLimitMs),
      });
      await response.body?.cancel();
      return response.ok;
    } catch {
      return false;
    }
  }

  #count(outcome: string, spans: number): void {
    this.#options.counters.add('auralink_isolate_spans_total', { outcome }, spans);
  }
}

const plainFetch = (url: string, init: RequestInit) => fetch(url, init);

export const createSpanExporter = (options: SpanExporterOptions): SpanExporter => new OtlpExporter(options);
