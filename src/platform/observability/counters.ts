/** What an isolate counts since it started. One line each: its type and what it means. */
const COUNTERS = {
  auralink_isolate_requests_total: 'Requests answered, by route, method and class of status',
  auralink_isolate_limiter_decisions_total: 'Rate limit decisions: admitted, refused, degraded (uncounted)',
  auralink_isolate_database_round_trips_total: 'Round trips to the database, by kind',
  auralink_isolate_outbox_handled_total: 'Outbox messages handled, by type and outcome',
  auralink_isolate_cluster_events_total:
    'Events of media clusters: stored, foreign (of no call), refused (badly signed), failed',
  auralink_isolate_cron_runs_total: 'Runs of regular work, by name and outcome',
  auralink_isolate_spans_total: 'Trace spans: exported, failed (the collector did not take them), dropped',
} as const;
export type CounterName = keyof typeof COUNTERS;

const DURATION_METRIC = 'auralink_isolate_request_duration_seconds';
const STARTED_METRIC = 'auralink_isolate_started_seconds';
/** Upper bounds in seconds. Time stands still on Workers between two inputs or outputs: pure computing counts 0. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15] as const;

export type Labels = Readonly<Record<string, string>>;

export interface Counters {
  add(name: CounterName, labels: Labels, by?: number): void;
  /** One answered request. */
  request(request: { route: string; method: string; status: number; durationMs: number }): void;
  /** Prometheus text 0.0.4; every series carries `isolate`, because no isolate knows of the others. */
  render(isolate: string): string;
}

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

/** @param startedAtMs when the isolate began to count */
export function createCounters(startedAtMs: number): Counters {
  const series = new Map<CounterName, Map<string, CounterSeries>>();
  const durations = new Map<string, DurationHistogram>();

  const add: Counters['add'] = (name, labels, by = 1) => {
    let seriesByLabels = series.get(name);
    if (!seriesByLabels) series.set(name, (seriesByLabels = new Map<string, CounterSeries>()));
    const key = Object.values(labels).join('\u0000');
    const existing = seriesByLabels.get(key);
    if (existing) existing.value += by;
    else seriesByLabels.set(key, { labels, value: by });
  };

  const observeDuration = (route: string, method: string, seconds: number) => {
    const key = `${method} ${route}`;
    let existing = durations.get(key);
    if (!existing) {
      existing = { labels: { route, method }, buckets: BUCKETS.map(() => 0), count: 0, sumSeconds: 0 };
      durations.set(key, existing);
    }
    const bucket = BUCKETS.findIndex((bound) => seconds <= bound);
    if (bucket >= 0) existing.buckets[bucket]! += 1;
    existing.count += 1;
    existing.sumSeconds += seconds;
  };

  return {
    add,
    request({ route, method, status, durationMs }) {
      add('auralink_isolate_requests_total', { route, method, class: `${Math.floor(status / 100)}xx` });
      observeDuration(route, method, durationMs / 1000);
    },
    render(isolate) {
      const lines = [
        ...formatMetricHeading(
          STARTED_METRIC,
          'gauge',
          'When the isolate that answers began to count, Unix seconds',
        ),
        formatSample(STARTED_METRIC, { isolate }, startedAtMs / 1000),
      ];
      for (const [name, seriesByLabels] of series) {
        lines.push(...formatMetricHeading(name, 'counter', `${COUNTERS[name]}; of the isolate that answers`));
        for (const { labels, value } of seriesByLabels.values())
          lines.push(formatSample(name, { isolate, ...labels }, value));
      }
      lines.push(
        ...formatMetricHeading(
          DURATION_METRIC,
          'histogram',
          'Duration of requests; of the isolate that answers',
        ),
      );
      for (const each of durations.values()) lines.push(...histogramLines(each, isolate));
      return `${lines.join('\n')}\n`;
    },
  };
}
