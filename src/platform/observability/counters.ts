import { type CounterName, type Counters, COUNTERS, type Labels } from '../../kernel/core/index.ts';

const DURATION_METRIC = 'auralink_isolate_request_duration_seconds';
const DURATION_HELP = 'Duration of requests; of the answering isolate';
const STARTED_METRIC = 'auralink_isolate_started_seconds';
const STARTED_HELP = 'When the answering isolate started to count, in Unix seconds';
/** Upper bounds in seconds. On Workers time advances only at I/O, so pure computing counts as 0. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15] as const;

interface CounterSeries {
  labels: Labels;
  value: number;
}

interface DurationHistogram {
  labels: Labels;
  buckets: number[];
  count: number;
  sumSeconds: number;
}

const escapeLabel = (value: string) =>
  value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');

/** `name{a="b"} value` */
export function formatSample(name: string, labels: Labels, value: number): string {
  const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escapeLabel(text)}"`);
  return `${name}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${value}`;
}

/** `# HELP` and `# TYPE` of a metric. */
export function formatMetricHeading(
  name: string,
  type: 'counter' | 'gauge' | 'histogram',
  help: string,
): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`];
}

function histogramLines(
  { labels, buckets, count, sumSeconds }: DurationHistogram,
  isolate: string,
): string[] {
  const allLabels = { isolate, ...labels };
  let cumulative = 0;
  const bounds = BUCKETS.map((le, index) => {
    cumulative += buckets[index]!;
    return formatSample(`${DURATION_METRIC}_bucket`, { ...allLabels, le: String(le) }, cumulative);
  });
  return [
    ...bounds,
    formatSample(`${DURATION_METRIC}_bucket`, { ...allLabels, le: '+Inf' }, count),
    formatSample(`${DURATION_METRIC}_sum`, allLabels, sumSeconds),
    formatSample(`${DURATION_METRIC}_count`, allLabels, count),
  ];
}

class IsolateCounters implements Counters {
  readonly #startedAtMs: number;
  readonly #series = new Map<CounterName, Map<string, CounterSeries>>();
  readonly #durations = new Map<string, DurationHistogram>();

  constructor(startedAtMs: number) {
    this.#startedAtMs = startedAtMs;
  }

  add(name: CounterName, labels: Labels, by = 1): void {
    let seriesByLabels = this.#series.get(name);
    if (!seriesByLabels) this.#series.set(name, (seriesByLabels = new Map<string, CounterSeries>()));
    const key = Object.values(labels).join('\u0000');
    const existing = seriesByLabels.get(key);
    if (existing) existing.value += by;
    else seriesByLabels.set(key, { labels, value: by });
  }

  request({ route, method, status, durationMs }: Parameters<Counters['request']>[0]): void {
    this.add('auralink_isolate_requests_total', { route, method, class: `${Math.floor(status / 100)}xx` });
    this.#observeDuration(route, method, durationMs / 1000);
  }

  render(isolate: string): string {
    const lines = [
      ...formatMetricHeading(STARTED_METRIC, 'gauge', STARTED_HELP),
      formatSample(STARTED_METRIC, { isolate }, this.#startedAtMs / 1000),
    ];
    for (const [name, seriesByLabels] of this.#series) {
      lines.push(...formatMetricHeading(name, 'counter', `${COUNTERS[name]}; of the answering isolate`));
      for (const { labels, value } of seriesByLabels.values())
        lines.push(formatSample(name, { isolate, ...labels }, value));
    }
    lines.push(...formatMetricHeading(DURATION_METRIC, 'histogram', DURATION_HELP));
    for (const each of this.#durations.values()) lines.push(...histogramLines(each, isolate));
    return `${lines.join('\n')}\n`;
  }

  #observeDuration(route: string, method: string, seconds: number): void {
    const key = `${method} ${route}`;
    let existing = this.#durations.get(key);
    if (!existing) {
      existing = { labels: { route, method }, buckets: BUCKETS.map(() => 0), count: 0, sumSeconds: 0 };
      this.#durations.set(key, existing);
    }
    const bucket = BUCKETS.findIndex((bound) => seconds <= bound);
    if (bucket >= 0) existing.buckets[bucket]! += 1;
    existing.count += 1;
    existing.sumSeconds += seconds;
  }
}

/** @param startedAtMs when the isolate started, in milliseconds since the epoch */
export const createCounters = (startedAtMs: number): Counters => new IsolateCounters(startedAtMs);
