import { type SQL, sql } from 'drizzle-orm';
import type { Queries } from '../../kernel/db/index.ts';
import { analyticsBuckets } from './rollups.tables.ts';

/** The requested time: the last days until the end of today, or a range that is widened to full hours. */
export type AskedRange = { days: number } | { from: Date; to: Date };

/** A range of an organization, asked for at a moment. */
export interface RangeRequest {
  organizationId: string;
  asked: AskedRange;
  now: Date;
}

const timestamp = (moment: Date) => sql`${moment.toISOString()}::timestamptz`;

/** The range of a request as a table with one row `r`: `time_zone`, `from_at`, `to_at`, `before_at`. */
export function rangeTable({ organizationId, asked, now }: RangeRequest): SQL {
  const bounds =
    'days' in asked
      ? sql`${asked.days}::integer, null::timestamptz, null::timestamptz`
      : sql`null::integer, ${timestamp(asked.from)}, ${timestamp(asked.to)}`;
  return sql`analytics_range(${organizationId}, ${bounds}, ${timestamp(now)}) r`;
}

const isoText = (column: SQL) =>
  sql<string>`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;

/** The range of the response, in the time zone of the organization's rollups; `before` begins the period before it. */
export const selectRange = (q: Queries, request: RangeRequest) =>
  q
    .select({
      timeZone: sql<string>`r.time_zone`,
      from: isoText(sql`r.from_at`),
      to: isoText(sql`r.to_at`),
      before: isoText(sql`r.before_at`),
    })
    .from(rangeTable(request));
export type AnsweredRange = Awaited<ReturnType<typeof selectRange>>[number];

/** The time to read: the range itself, or the same time before it. */
export type ComparedPeriod = 'current' | 'previous';

/**
 * The buckets `b` that make up the period: for a year at most twelve months, and thirds, days and hours at its ends.
 */
function coverOf(request: RangeRequest, period: ComparedPeriod): SQL {
  const [from, to] = period === 'current' ? [sql`from_at`, sql`to_at`] : [sql`before_at`, sql`from_at`];
  return sql`${rangeTable(request)} cross join lateral analytics_cover(
    ${request.organizationId}, r.time_zone, r.${from}, r.${to}, 'month') b`;
}

type Bucket = typeof analyticsBuckets.$inferSelect;
const column = <K extends keyof Bucket>(key: K) =>
  sql<
    Bucket[K] extends number ? number | string : Bucket[K]
  >`b.${sql.identifier(analyticsBuckets[key].name)}`;

/** The figures of usage in the buckets of a period. */
export const selectTotals = (q: Queries, request: RangeRequest, period: ComparedPeriod) =>
  q
    .select({
      calls: column('calls'),
      lostCalls: column('lostCalls'),
      agentCalls: column('agentCalls'),
      durationMs: column('durationMs'),
      participations: column('participations'),
      guests: column('guests'),
      connectedMs: column('connectedMs'),
      bytesSent: column('bytesSent'),
      bytesReceived: column('bytesReceived'),
      callTypes: column('callTypes'),
      byCause: column('byCause'),
      people: column('people'),
    })
    .from(coverOf(request, period));
export type BucketTotals = Awaited<ReturnType<typeof selectTotals>>[number];

/** The groups of participations, and the column of a bucket with their figures. */
const GROUPINGS = {
  connection: 'byConnection',
  region: 'byRegion',
  cause: 'byCause',
  device: 'byDevice',
  codec: 'byCodec',
} as const;
export type Grouping = keyof typeof GROUPINGS;

/** The figures of quality in the buckets of a period, in total and by group. */
export const selectQuality = (q: Queries, request: RangeRequest, period: ComparedPeriod, groupBy: Grouping) =>
  q
    .select({
      byConnection: column('byConnection'),
      // The totals are there already and are not sent twice.
      groups: groupBy === 'connection' ? sql<null>`null` : column(GROUPINGS[groupBy]),
      roundTrips: column('roundTrips'),
      jitters: column('jitters'),
      losses: column('losses'),
      scores: column('scores'),
    })
    .from(coverOf(request, period));
export type BucketQuality = Awaited<ReturnType<typeof selectQuality>>[number];

const TOP_LISTS = {
  user: { list: sql.raw('top_user'), floor: sql.raw('top_users_floor'), names: sql.raw('users') },
  room: { list: sql.raw('top_room'), floor: sql.raw('top_rooms_floor'), names: sql.raw('rooms') },
};

/**
 * The users or rooms with the longest connected time in the range, in order. `missingMs` is the time of an entry that
 * cut lists may hide, `othersMs` the longest time that any other entry may have.
 */
export function selectTop(q: Queries, request: RangeRequest, kind: keyof typeof TOP_LISTS, limit: number) {
  const { list, floor, names } = TOP_LISTS[kind];
  // Sums of milliseconds are exact as float8, and far cheaper than those of bigint, which are numeric.
  const ranked = sql`(
    with chosen as (select b.${list}_ids as ids, b.${list}_ms as ms, b.${list}_calls as calls,
      b.${list}_missing_ms as missing, b.${floor} as floor from ${coverOf(request, 'current')}),
    floors as materialized (select coalesce(sum(floor), 0)::float8 as floor from chosen),
    listed as materialized (
      select e.id, sum(e.ms::float8) as ms, sum(e.calls) as calls,
        (select floor from floors) + sum((coalesce(e.missing, 0) - floor)::float8) as missing
      from chosen cross join lateral unnest(ids, ms, calls, missing) as e(id, ms, calls, missing) group by e.id),
    first as materialized (select * from listed order by ms desc, id limit ${limit}::integer)
    select f.id, n.name, f.ms, f.calls, f.missing, greatest((select floor from floors),
      (select max(ms + missing) from listed where id not in (select id from first))) as others
    from first f left join ${names} n on n.id = f.id) top`;
  return q
    .select({
      id: sql<string>`top.id`,
      name: sql<string | null>`top.name`,
      connectedMs: sql<string>`top.ms`,
      calls: sql<string>`top.calls`,
      missingMs: sql<string>`top.missing`,
      othersMs: sql<string>`top.others`,
    })
    .from(ranked)
    .orderBy(sql`top.ms desc`, sql`top.id`);
}
export type TopRow = Awaited<ReturnType<typeof selectTop>>[number];

/** Intervals of a timeline. */
export const INTERVALS = ['hour', 'day', 'week', 'month'] as const;
export type Interval = (typeof INTERVALS)[number];

/**
 * The sums of each interval of the range, also of those without a call. Weeks begin on Monday; the first and the last
 * interval may be cut by the range.
 */
export function selectTimeline(q: Queries, request: RangeRequest, interval: Interval) {
  const names = ['calls', 'lostCalls', 'participations', 'connectedMs'] as const;
  const nameOf = (name: (typeof names)[number]) => sql.identifier(analyticsBuckets[name].name);
  const sums = sql.join(
    names.map((name) => sql`sum(b.${nameOf(name)}) as ${nameOf(name)}`),
    sql`, `,
  );
  const sum = (name: (typeof names)[number]) => sql<string>`coalesce(summed.${nameOf(name)}, 0)`;
  const largest = interval === 'hour' ? 'hour' : 'day';
  const unit = sql`${interval}::text`;
  return q
    .select({
      startsAt: isoText(sql`slot.starts_at`),
      calls: sum('calls'),
      lostCalls: sum('lostCalls'),
      participations: sum('participations'),
      connectedMs: sum('connectedMs'),
    })
    .from(
      // Buckets are summed before they meet the intervals: they are read once, not once for each interval.
      sql`(
        select generate_series(date_trunc(${unit}, r.from_at, r.time_zone), r.to_at - interval '1 second',
          ${`1 ${interval}`}::interval, r.time_zone) as starts_at
        from ${rangeTable(request)}) slot
      left join (
        select date_trunc(${unit}, b.starts_at, r.time_zone) as starts_at, ${sums}
        from ${rangeTable(request)} cross join lateral analytics_cover(
          ${request.organizationId}, r.time_zone, r.from_at, r.to_at, ${largest}) b
        group by 1) summed on summed.starts_at = slot.starts_at`,
    )
    .orderBy(sql`slot.starts_at`);
}
