import { and, desc, eq, gte, lt, type SQL, sql } from 'drizzle-orm';
import { isBefore, type Queries } from '../../kernel/db/index.ts';
import type { DimensionValue, Period } from './usage.rules.ts';
import { usageEvents } from './usage.tables.ts';

export interface UsageFilter extends Period {
  meter?: string | undefined;
  dimension?: DimensionValue | undefined;
}

const moment = (date: Date) => sql`${date.toISOString()}::timestamptz`;

/** The sum of an hour of `usage_hours h`, from its rows while it is stale. */
export const hourQuantity = sql`case when h.stale then (
    select coalesce(sum(e.quantity), 0) from usage_events e
    where e.organization_id = h.organization_id and e.meter = h.meter
      and e.occurred_at >= h.hour and e.occurred_at < h.hour + interval '1 hour')
  else h.quantity end`;

const hoursOf = (organizationId: string, { from, to }: Period, meter?: string) => sql`
    from usage_hours h
    where h.organization_id = ${organizationId} and h.hour >= ${moment(from)} and h.hour < ${moment(to)}
      ${meter === undefined ? sql`` : sql`and h.meter = ${meter}`}`;

/**
 * The usage that each meter counted in a period; no row for a meter that counted nothing.
 * @param meter only this one
 */
export function sumMeters(q: Queries, organizationId: string, period: Period, meter?: string) {
  return q.execute<{ meter: string; quantity: string }>(sql`
    select h.meter, sum(${hourQuantity})::text as quantity ${hoursOf(organizationId, period, meter)} group by h.meter`);
}

/** The value of a dimension in a row; `user` is a column, so that erasing a user erases it. */
const valueOf = (dimension: string): SQL<string | null> =>
  dimension === 'user'
    ? sql<string | null>`coalesce(${usageEvents.dimensions} ->> 'user', ${usageEvents.userId})`
    : sql<string | null>`${usageEvents.dimensions} ->> ${dimension}::text`;

const isInPeriod = (organizationId: string, { from, to, meter, dimension }: UsageFilter) =>
  and(
    eq(usageEvents.organizationId, organizationId),
    meter === undefined ? undefined : eq(usageEvents.meter, meter),
    gte(usageEvents.occurredAt, from),
    lt(usageEvents.occurredAt, to),
    dimension && sql`${valueOf(dimension.name)} = ${dimension.value}`,
  );

/**
 * The usage of meters in a period with a value of a dimension, from their records by the index of meter and time; no
 * row for a meter that counted nothing.
 * @param meters a select of their names
 */
export const sumMetersWith = (
  q: Queries,
  organizationId: string,
  period: Period,
  dimension: DimensionValue,
  meters: SQL,
) =>
  q.execute<{ meter: string; quantity: string }>(sql`
    select m.meter, sum(${usageEvents.quantity})::text as quantity
    from (${meters}) m
    join ${usageEvents} on ${usageEvents.meter} = m.meter and ${isInPeriod(organizationId, { ...period, dimension })}
    group by m.meter`);

/** The usage that one meter counted in a period with a value of a dimension. */
export const sumMeterWith = (q: Queries, organizationId: string, filter: UsageFilter & { meter: string }) =>
  q.execute<{ quantity: string }>(sql`
    select coalesce(sum(${usageEvents.quantity}), 0)::text as quantity from ${usageEvents}
    where ${isInPeriod(organizationId, filter)}`);

/** The usage that a meter counted in a period by the values of a dimension, the largest first. */
export function sumByDimension(
  q: Queries,
  organizationId: string,
  filter: UsageFilter & { meter: string },
  dimension: string,
  limit: number,
) {
  const value = valueOf(dimension).as('value');
  return q
    .select({ value, quantity: sql<string>`sum(${usageEvents.quantity})::text` })
    .from(usageEvents)
    .where(isInPeriod(organizationId, filter))
    .groupBy(sql`1`)
    .orderBy(sql`sum(${usageEvents.quantity}) desc, 1`)
    .limit(limit + 1);
}

/**
 * The usage that a meter counted in each hour, day or month (UTC) of a period, from its hours, or with a value of a
 * dimension from its records; no row where it counted nothing.
 */
export function sumByInterval(
  q: Queries,
  organizationId: string,
  filter: UsageFilter & { meter: string },
  interval: 'hour' | 'day' | 'month',
) {
  const { meter, dimension, ...period } = filter;
  if (dimension !== undefined)
    return q.execute<{ startsAt: string; quantity: string }>(sql`
      select (extract(epoch from date_trunc(${interval}::text, ${usageEvents.occurredAt}, 'UTC')) * 1000)::bigint::text as "startsAt",
        sum(${usageEvents.quantity})::text as quantity
      from ${usageEvents} where ${isInPeriod(organizationId, filter)} group by 1`);
  return q.execute<{ startsAt: string; quantity: string }>(sql`
    select (extract(epoch from date_trunc(${interval}::text, h.hour, 'UTC')) * 1000)::bigint::text as "startsAt",
      sum(${hourQuantity})::text as quantity
    ${hoursOf(organizationId, period, meter)} group by 1`);
}

/** A page of recorded rows, the newest first. */
export function selectRecords(
  q: Queries,
  organizationId: string,
  filter: UsageFilter,
  { before, limit }: { before: string | undefined; limit: number },
) {
  return q
    .select()
    .from(usageEvents)
    .where(and(isInPeriod(organizationId, filter), isBefore(usageEvents.id, before)))
    .orderBy(desc(usageEvents.id))
    .limit(limit + 1);
}
