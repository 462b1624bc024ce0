import { presentAmount } from '../../kernel/money/index.ts';
import { percentilesOf, presentRange } from '../rollups/index.ts';
import type { BucketRow } from './ai-analytics.queries.ts';
import type { AiAnalyticsView, AiFigures } from './ai-analytics.schemas.ts';
import type { AiOfRange } from './get-ai-analytics.ts';

const total = <T>(rows: readonly T[], pick: (row: T) => number | string): number =>
  rows.reduce((sum, row) => sum + Number(pick(row)), 0);
const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));
const ratio = (part: number, whole: number, digits: number): number | null =>
  whole === 0 ? null : rounded(part / whole, digits);

/** Mean and percentiles, in seconds, of a time in milliseconds. */
function presentTimes(
  rows: readonly BucketRow[],
  {
    histogram,
    ms,
    count,
  }: Record<'histogram', 'firstOutputs' | 'durations'> &
    Record<'ms', 'firstOutputMs' | 'durationMs'> &
    Record<'count', 'firstOutputCount' | 'durationCount'>,
) {
  const [p50, p95, p99] = percentilesOf(
    rows.map((row) => row[histogram]),
    [0.5, 0.95, 0.99],
  ).map((value) => (value === null ? null : rounded(value / 1000, 3)));
  const mean = ratio(
    total(rows, (row) => row[ms]),
    1000 * total(rows, (row) => row[count]),
    3,
  );
  return { mean, p50: p50!, p95: p95!, p99: p99! };
}

function presentCost(rows: readonly Pick<BucketRow, 'amountMicros' | 'known' | 'unknown'>[]) {
  const amount = rows.reduce((sum, row) => sum + BigInt(row.amountMicros), 0n);
  const unknownCount = total(rows, ({ unknown }) => unknown);
  const isUnknown = unknownCount > 0 && total(rows, ({ known }) => known) === 0;
  return { cost: presentAmount(isUnknown ? null : amount), unknownCount };
}

function presentFigures(rows: readonly BucketRow[]): AiFigures {
  const completed = total(rows, (row) => row.completed);
  const failed = total(rows, (row) => row.failed);
  return {
    requests: total(rows, (row) => row.requests),
    completed,
    failed,
    cancelled: total(rows, (row) => row.cancelled),
    successRatio: ratio(completed, completed + failed, 4),
    inputTokens: total(rows, (row) => row.inputTokens),
    outputTokens: total(rows, (row) => row.outputTokens),
    cacheReadTokens: total(rows, (row) => row.cacheReadTokens),
    cacheWriteTokens: total(rows, (row) => row.cacheWriteTokens),
    firstToken: presentTimes(rows, {
      histogram: 'firstOutputs',
      ms: 'firstOutputMs',
      count: 'firstOutputCount',
    }),
    wholeAnswer: presentTimes(rows, { histogram: 'durations', ms: 'durationMs', count: 'durationCount' }),
    ...presentCost(rows),
  };
}

export function presentAiAnalytics({ groupBy, range, current, previous, steps }: AiOfRange): AiAnalyticsView {
  const groups = Map.groupBy(current, (row) => row[groupBy]);
  return {
    range: presentRange(range),
    current: presentFigures(current),
    previous: presentFigures(previous),
    groups: [...groups]
      .map(([group, rows]) => ({ group, ...presentFigures(rows) }))
      .sort((a, b) => b.requests - a.requests || (a.group < b.group ? -1 : 1)),
    timeline: steps.map((step) => ({
      day: step.day,
      requests: Number(step.requests),
      failed: Number(step.failed),
      tokens: Number(step.tokens),
      ...presentCost([step]),
    })),
  };
}
