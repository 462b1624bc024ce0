import { type Clock, hex, type Ids, type Telemetry } from '../../kernel/core/index.ts';
import { createCounters } from './counters.ts';
import { createSpanExporter, type SpanExporterOptions } from './otlp-exporter.ts';
import { createTracer, noopTracer } from './tracer.ts';

export interface TelemetryOptions {
  clock: Clock;
  ids: Ids;
  /** Share of unremarkable traces that are kept, 0 to 1. */
  sampleRate: number;
  /** Undefined: no spans are recorded. */
  collector?: Omit<SpanExporterOptions, 'counters'> | undefined;
}

export function createTelemetry({ clock, ids, sampleRate, collector }: TelemetryOptions): Telemetry {
  const counters = createCounters(clock.now());
  const tracer = collector
    ? createTracer({ exporter: createSpanExporter({ ...collector, counters }), clock, ids, sampleRate })
    : noopTracer;
  return { tracer, counters, isolate: hex(ids.random(4)) };
}

/** Parses `key=value,key=value` with percent-encoded values, OpenTelemetry's format of headers in a variable. */
export function parseOtlpHeaders(text: string | undefined): Record<string, string> {
  const pairs = (text ?? '').split(',').filter((pair) => pair.includes('='));
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      return [pair.slice(0, at).trim(), decodeURIComponent(pair.slice(at + 1).trim())];
    }),
  );
}
