import { lte, sql } from 'drizzle-orm';
import type { Queries, Statement } from '../../kernel/db/index.ts';
import { type RangeRequest, rangeTable } from '../rollups/index.ts';
import { analyticsAiBuckets, analyticsAiDirty } from './ai-analytics.tables.ts';

/**
 * Marks the quarter of a moment to be computed again. If it is marked already, this waits for the transaction that is
 * computing it.
 */
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

/** Marks quarters whose costs changed, at most `most`. */
export const markCostChanges = (q: Queries, most: number, now: Date): Statement =>
  q.execute(sql`
    insert into analytics_ai_dirty (organization_id, quarter, since)
    select organization_id, quarter, ${now.toISOString()}::timestamptz from take_cost_changes(${most}::integer)
    order by organization_id, quarter
    on conflict (organization_id, quarter) do update set since = analytics_ai_dirty.since`);

/** Releases the quarters that were postponed until now. */
export const endPostponement = (q: Queries, now: Date): Statement =>
  q.update(analyticsAiDirty).set({ postponedUntil: null }).where(lte(analyticsAiDirty.postponedUntil, now));

/**
 * Postpones the quarter that has been marked longest, and for a shorter time the others of its organization, which may
 * be as large, so that they are computed without it. Returns a row for each.
 */
export const postponeOldest = (q: Queries, until: { failed: Date; others: Date }) =>
  q.execute<{ organizationId: string }>(sql`
    update analytics_ai_dirty d
    set postponed_until = case when d.quarter = oldest.quarter then ${until.failed.toISOString()}::timestamptz
      else ${until.others.toISOString()}::timestamptz end
    from (select organization_id, quarter from analytics_ai_dirty where postponed_until is null
      order by since, organization_id, quarter limit 1) oldest
    where d.organization_id = oldest.organization_id and d.postponed_until is null
    returning d.organization_id as "organizationId"`);

/** Computes marked quarters again. @returns how many there were */
export const refreshMarked = (q: Queries, most: number, meters: readonly string[]) =>
  q.execute<{ refreshed: number }>(sql`
    select compute_ai_buckets(${most}::integer, array(select jsonb_array_elements_text(${JSON.stringify(meters)}::jsonb)))
      as refreshed`);

/** The query: a range, and the feature whose requests count (absent for all). */
export interface AiRequest extends RangeRequest {
  feature: string | undefined;
}

const SUMS = [
  'requests',
  'completed',
  'failed',
  'cancelled',
  'inputTokens',
  'outputTokens',
  'cacheReadTokens',
  'cacheWriteTokens',
  'firstOutputMs',
  'firstOutputCount',
  'durationMs',
  'durationCount',
  'amountMicros',
  'known',
  'unknown',
] as const;
/** Columns that are summed over buckets; sums come as text. */
export type BucketRow = Record<(typeof SUMS)[number], string> &
  Record<'provider' | 'model' | 'feature' | 'firstOutputs' | 'durations', string>;

/** The sums of a period by provider, model and feature, with concatenated histograms. */
export function selectBuckets(q: Queries, request: AiRequest, period: 'current' | 'previous') {
  const [from, to] = period === 'current' ? [sql`from_at`, sql`to_at`] : [sql`before_at`, sql`from_at`];
  const sums = SUMS.map(
    (name) => sql`sum(b.${sql.identifier(analyticsAiBuckets[name].name)})::text as ${sql.identifier(name)}`,
  );
  const histogram = (column: 'firstOutputs' | 'durations') =>
    sql`coalesce(string_agg(nullif(b.${sql.identifier(analyticsAiBuckets[column].name)}, ''), ','), '') as ${sql.identifier(column)}`;
  return q.execute<BucketRow>(sql`
    select b.provider, b.model, b.feature, ${sql.join(sums, sql`, `)}, ${histogram('firstOutputs')}, ${histogram('durations')}
    from ${rangeTable(request)} cross join lateral ai_analytics_cover(${request.organizationId}, r.${from}, r.${to}) b
    where ${request.feature ?? ''} in ('', b.feature)
    group by 1, 2, 3`);
}

/** The requests in each step of the range, in the time zone of the organization; no row for a step without requests. */
export const selectSteps = (q: Queries, request: AiRequest, interval: 'day' | 'week' | 'month') =>
  q.execute<
    Record<'day' | 'requests' | 'failed' | 'tokens' | 'amountMicros' | 'known' | 'unknown', string>
  >(sql`
    select t.day::text as day, t.requests::text as requests, t.failed::text as failed, t.tokens::text as tokens,
      t.amount::text as "amountMicros", t.known::text as known, t.unknown::text as unknown
    from ${rangeTable(request)} cross join lateral ai_analytics_timeline(
      ${request.organizationId}, ${interval}, r.time_zone, r.from_at, r.to_at, ${request.feature ?? ''}) t
    order by t.day`);
