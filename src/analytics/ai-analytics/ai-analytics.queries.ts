import { type SQL, sql } from 'drizzle-orm';
import type { Queries, Statement } from '../../kernel/db/index.ts';
import { type RangeRequest, rangeTable } from '../rollups/index.ts';
import { analyticsAiBuckets, analyticsAiDirty } from './ai-analytics.tables.ts';

/** Has the quarter of a moment computed again. A mark that is there waits for the transaction that is computing it. */
export const markQuarterOf = (q: Queries, organizationId: string, moment: Date, now: Date): Statement =>
  q
    .insert(analyticsAiDirty)
    .values({
      organizationId,
      quarter: new Date(Math.floor(moment.getTime() / QUARTER_MS) * QUARTER_MS),
      since: now,
    })
    .onConflictDoUpdate({
      target: [analyticsAiDirty.organizationId, analyticsAiDirty.quarter],
      set: { since: sql`least(${analyticsAiDirty.since}, excluded.since)` },
    });
const QUARTER_MS = 900_000;

/** Computes marked quarters again, the earliest marks first. @returns how many there were */
export const refreshMarked = (q: Queries, most: number) =>
  q.execute<{ refreshed: number }>(sql`select refresh_ai_buckets(${most}::integer) as refreshed`);

type Period = 'current' | 'previous';
type Bucket = typeof analyticsAiBuckets.$inferSelect;
/** A bucket; sums of bigints come as text. */
export type BucketRow = {
  [K in keyof Omit<Bucket, 'organizationId' | 'grain' | 'startsAt'>]: Bucket[K] extends number
    ? number | string
    : Bucket[K];
};

const boundsOf = (period: Period): [SQL, SQL] =>
  period === 'current' ? [sql`r.from_at`, sql`r.to_at`] : [sql`r.before_at`, sql`r.from_at`];

/** The buckets of a period: the days (UTC) that lie in it, and the quarters at its ends. */
export function selectBuckets(q: Queries, request: RangeRequest, period: Period) {
  const [from, to] = boundsOf(period);
  return q.execute<BucketRow & Record<string, unknown>>(sql`
    select b.model, b.feature, b.requests, b.completed, b.failed, b.cancelled, b.input_tokens as "inputTokens",
      b.output_tokens as "outputTokens", b.cache_read_tokens as "cacheReadTokens", b.cache_write_tokens as "cacheWriteTokens",
      b.first_output_histogram as "firstOutputs", b.first_output_ms as "firstOutputMs", b.first_output_count as "firstOutputCount",
      b.duration_histogram as durations, b.duration_ms as "durationMs", b.duration_count as "durationCount"
    from ${rangeTable(request)}
    cross join lateral (
      select date_trunc('day', ${from} + interval '1 day' - interval '1 microsecond', 'UTC') as first_day,
        date_trunc('day', ${to}, 'UTC') as last_day) s
    join analytics_ai_buckets b on b.organization_id = ${request.organizationId} and (
      (b.grain = 'day' and b.starts_at >= s.first_day and b.starts_at < s.last_day)
      or (b.grain = 'quarter' and b.starts_at >= ${from} and b.starts_at < least(s.first_day, ${to}))
      or (b.grain = 'quarter' and b.starts_at >= greatest(s.last_day, s.first_day, ${from}) and b.starts_at < ${to}))`);
}

/** What was asked on each day of the range, in the time zone of the organization; no row for a day without. */
export const selectDays = (q: Queries, request: RangeRequest) =>
  q.execute<{ day: string; requests: number; failed: number; tokens: string }>(sql`
    select to_char(b.starts_at at time zone r.time_zone, 'YYYY-MM-DD') as day, sum(b.requests)::integer as requests,
      sum(b.failed)::integer as failed,
      sum(b.input_tokens + b.output_tokens + b.cache_read_tokens + b.cache_write_tokens)::text as tokens
    from ${rangeTable(request)}
    join analytics_ai_buckets b on b.organization_id = ${request.organizationId} and b.grain = 'quarter'
      and b.starts_at >= r.from_at and b.starts_at < r.to_at
    group by 1 order by 1`);

/** What the answers of a period cost, by model, feature and day, from their cost lines. */
export function selectCosts(q: Queries, request: RangeRequest, period: Period, meters: readonly string[]) {
  const [from, to] = boundsOf(period);
  return q.execute<{
    model: string | null;
    feature: string | null;
    day: string;
    amount: string;
    known: string;
    unknown: string;
  }>(sql`
    select u.dimensions ->> 'model' as model, coalesce(u.dimensions ->> 'feature', 'api') as feature,
      to_char(l.occurred_at at time zone r.time_zone, 'YYYY-MM-DD') as day,
      coalesce(sum(l.amount_micros), 0)::text as amount,
      coalesce(sum(case when l.amount_micros is null then 0 when l.entry % 2 = 0 then -1 else 1 end), 0)::text as known,
      coalesce(sum(l.unknown), 0)::text as unknown
    from ${rangeTable(request)}
    join cost_lines l on l.organization_id = ${request.organizationId} and l.occurred_at >= ${from} and l.occurred_at < ${to}
      and l.meter in (select jsonb_array_elements_text(${JSON.stringify(meters)}::jsonb))
    join usage_events u on u.organization_id = l.organization_id and u.id = l.usage_id
    group by 1, 2, 3`);
}
export type CostRow = Awaited<ReturnType<typeof selectCosts>>['rows'][number];
