import { and, eq, sql, type SQL } from 'drizzle-orm';
import { calls } from '../../calls/calls/calls.tables.ts';
import { organizations } from '../../identity/organizations/organizations.tables.ts';
import type { Queries } from '../../kernel/db/index.ts';
import { isCallShownTo } from '../../rooms/access/index.ts';
import type { Period } from '../usage/index.ts';
import type { CostGroup, LineKind } from './costs.enums.ts';
import type { FeaturesOfMeters, PriceColumns, SumRow } from './costs.rules.ts';
import type { UsagePosition } from './reprice.schemas.ts';

const moment = (date: Date) => sql`${date.toISOString()}::timestamptz`;
const iso = (column: SQL) => sql`to_char(${column} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
// A line that takes an amount back (an even entry) is subtracted: usage that lost its price has an unknown cost, not
// zero.
const sums = sql`coalesce(sum(l.amount_micros), 0)::text as amount,
    coalesce(sum(case when l.amount_micros is null then 0 when l.entry % 2 = 0 then -1 else 1 end), 0)::text as known,
    coalesce(sum(l.unknown), 0)::text as unknown`;
const priceColumns = sql`p.id as "priceId", p.nanos::text as nanos, p.unit_quantity::text as "unitQuantity", p.source`;

/** Writes the lines of records of usage, see `write_cost_lines`; it may run twice. */
export const writeCostLines = (
  q: Queries,
  organizationId: string,
  { meter, keys, now }: { meter: string; keys: readonly string[]; now: Date },
) =>
  q.execute(sql`
    select write_cost_lines(${organizationId}, array(
      select u.id from usage_events u
      where u.organization_id = ${organizationId} and u.meter = ${meter}
        and u.key in (select jsonb_array_elements_text(${JSON.stringify(keys)}::jsonb))), ${moment(now)})`);

/** A call that the viewer may see, with the facts that decide whether all of it is counted. */
export const selectCallToCost = (q: Queries, organizationId: string, callId: string, viewer: string | null) =>
  q
    .select({
      status: calls.status,
      participantMs: calls.participantMs,
      hasOpenConnections: sql<boolean>`exists (
        select from call_connections c where c.call_id = ${calls.id} and c.connected and c.left_at is null)`,
    })
    .from(calls)
    .where(and(eq(calls.organizationId, organizationId), eq(calls.id, callId), isCallShownTo(viewer)));

/** The lines of a call, summed by meter and price, without prices that were taken back completely. */
export const sumCall = (q: Queries, organizationId: string, callId: string) =>
  q.execute<
    { [K in 'meter' | 'quantity' | keyof SumRow]: string } & { [K in keyof PriceColumns]: string | null }
  >(
    sql`
    select l.meter, sum(l.quantity)::text as quantity, ${sums}, ${priceColumns}
    from cost_lines l left join price_versions p on p.id = l.price_version_id
    where l.organization_id = ${organizationId} and l.call_id = ${callId}
    group by l.meter, p.id
    having sum(l.quantity) <> 0 or sum(l.amount_micros) <> 0 or sum(l.unknown) <> 0
    order by l.meter, p.id nulls last`,
  );

export interface LineRow extends PriceColumns {
  usageId: string;
  entry: number;
  kind: LineKind;
  meter: string;
  quantity: string;
  amount: string | null;
  occurredAt: string;
  recordedAt: string;
}

/** A page of the lines of a call, in the order in which its usage was recorded. */
export const selectLines = (
  q: Queries,
  organizationId: string,
  callId: string,
  { after, limit }: { after: { usageId: string; entry: number } | undefined; limit: number },
) =>
  q.execute<{ [K in keyof LineRow]: LineRow[K] }>(sql`
    select l.usage_id as "usageId", l.entry, l.meter, l.quantity::text as quantity, l.amount_micros::text as amount,
      case when l.entry = 1 and u.revision = 1 then 'usage' when l.entry = 1 then 'correction'
        when l.entry % 2 = 0 then 'taken_back' else 'repriced' end as kind,
      ${iso(sql`l.occurred_at`)} as "occurredAt", ${iso(sql`l.recorded_at`)} as "recordedAt", ${priceColumns}
    from cost_lines l
    join usage_events u on u.organization_id = l.organization_id and u.id = l.usage_id
    left join price_versions p on p.id = l.price_version_id
    where l.organization_id = ${organizationId} and l.call_id = ${callId}
      ${after ? sql`and (l.usage_id, l.entry) > (${after.usageId}, ${after.entry}::integer)` : sql``}
    order by l.usage_id, l.entry limit ${limit + 1}`);

export const selectTimeZone = (q: Queries, organizationId: string) =>
  q
    .select({ timeZone: sql<string>`coalesce(${organizations.settings} ->> 'timeZone', 'UTC')` })
    .from(organizations)
    .where(eq(organizations.id, organizationId));

const linesOf = (organizationId: string, { from, to }: Period) => sql`
    from cost_lines l join usage_events u on u.organization_id = l.organization_id and u.id = l.usage_id
    where l.organization_id = ${organizationId} and l.occurred_at >= ${moment(from)} and l.occurred_at < ${moment(to)}`;

/** The day of a moment in the time zone of the organization. */
export const dayOf = (organizationId: string, moment: SQL): SQL =>
  sql`to_char(${moment} at time zone (select coalesce(o.settings ->> 'timeZone', 'UTC') from organizations o
    where o.id = ${organizationId}), 'YYYY-MM-DD')`;

/** The feature of a meter; null when the product does not have the meter. */
export const featureOf = (meter: SQL, features: FeaturesOfMeters): SQL =>
  sql`${JSON.stringify(features)}::jsonb ->> ${meter}`;

/** The groups of lines; the user is a column, so that erasing a user erases it. */
const valueOf = (group: CostGroup, organizationId: string, features: FeaturesOfMeters): SQL =>
  ({
    meter: sql`l.meter`,
    feature: featureOf(sql`l.meter`, features),
    call: sql`l.call_id`,
    room: sql`u.dimensions ->> 'room'`,
    model: sql`u.dimensions ->> 'model'`,
    user: sql`u.user_id`,
    day: dayOf(organizationId, sql`l.occurred_at`),
  })[group];

const mostExpensive = sql`sum(l.amount_micros) desc nulls last, sum(l.unknown) desc, 1 nulls last`;

/**
 * The costs of an organization in a period by group, the most expensive first; for days, all of them in their order.
 */
export const sumByGroup = (
  q: Queries,
  organizationId: string,
  period: Period,
  { by, limit, features }: { by: CostGroup; limit: number; features: FeaturesOfMeters },
) =>
  sumLines(q, organizationId, period, {
    value: valueOf(by, organizationId, features),
    limit: by === 'day' ? null : limit,
  });

/** All costs of an organization in a period. */
export const sumAll = (q: Queries, organizationId: string, period: Period) =>
  sumLines(q, organizationId, period, { value: null, limit: null });

/**
 * The cost lines `l` of an organization in a period, with their records `u`, summed by a value.
 * @param options.value null for one row with the sum of all
 * @param options.limit the number of groups, the most expensive first; null for all, in their order
 * @param options.where a condition for lines
 */
export const sumLines = (
  q: Queries,
  organizationId: string,
  period: Period,
  { value, limit, where }: { value: SQL | null; limit: number | null; where?: SQL },
) =>
  q.execute<SumRow & { value: string | null }>(sql`
    select ${value ?? sql`null`} as value, ${sums} ${linesOf(organizationId, period)}
      ${where ? sql`and ${where}` : sql``}
    ${value === null ? sql`` : sql`group by 1 order by ${limit === null ? sql`1` : sql`${mostExpensive} limit ${limit}`}`}`);

/** The most expensive calls of all organizations in a period, from its lines. */
export const sumCalls = (q: Queries, { from, to }: Period, limit: number) =>
  q.execute<SumRow & { value: string | null }>(sql`
    select l.call_id as value, ${sums} from cost_lines l
    where l.occurred_at >= ${moment(from)} and l.occurred_at < ${moment(to)}
    group by 1 order by ${mostExpensive} limit ${limit}`);

/** Prices the next records of usage again, see `reprice_usage`. */
export const repriceUsage = (
  q: Queries,
  priceId: string,
  { after, most, now }: { after: UsagePosition | undefined; most: number; now: Date },
) =>
  q.execute<{
    examined: number;
    repriced: number;
    organizationId: string | null;
    occurredAt: string | null;
    usageId: string | null;
  }>(sql`
    select examined, repriced, last_owner as "organizationId", ${iso(sql`last_time`)} as "occurredAt", last_id as "usageId"
    from reprice_usage(${priceId}, ${after?.organizationId ?? null}, ${after?.occurredAt ?? null}::timestamptz,
      ${after?.usageId ?? null}, ${most}::integer, ${moment(now)})`);
