import { type SQL, sql } from 'drizzle-orm';
import type { Queries } from '../../kernel/db/index.ts';
import type { Period } from '../usage/index.ts';
import type { OPERATOR_COST_GROUPS } from './costs.enums.ts';
import { featureOf } from './costs.queries.ts';
import type { FeaturesOfMeters, SumRow } from './costs.rules.ts';

const DAY_MS = 86_400_000;
const moment = (ms: number) => sql`${new Date(ms).toISOString()}::timestamptz`;

/** Computes stale sums again, see `sum_cost_days`; it may run twice. */
export const sumCostDays = (q: Queries, most: number) =>
  q.execute<{ summed: number }>(sql`select sum_cost_days(${most}::integer) as summed`);

/**
 * The costs of all organizations in a period by `organization_id`, `day`, `meter` and `model`, as a subquery: full
 * days, UTC, from their sums, and partial days from their lines.
 */
export function costsByDay({ from, to }: Period): SQL {
  const [fromMs, toMs] = [from.getTime(), to.getTime()];
  const firstDay = Math.ceil(fromMs / DAY_MS) * DAY_MS;
  const lastDay = Math.floor(toMs / DAY_MS) * DAY_MS;
  const hasDays = firstDay < lastDay;
  const [daysFrom, daysTo] = hasDays ? [firstDay, lastDay] : [toMs, toMs];
  return sql`(
    select d.organization_id, d.day, d.meter, d.model,
      case when d.stale then s.amount else d.amount_micros end as amount,
      case when d.stale then s.known else d.known end as known,
      case when d.stale then s.unknown else d.unknown end as unknown
    from cost_days d
    left join lateral cost_day_of_lines(d.organization_id, d.day, d.meter, d.model) s on d.stale
    where d.day >= ${moment(daysFrom)} and d.day < ${moment(daysTo)}
    union all
    select l.organization_id, date_trunc('day', l.occurred_at, 'UTC'), l.meter, coalesce(u.dimensions ->> 'model', ''),
      coalesce(sum(l.amount_micros), 0)::bigint,
      coalesce(sum(case when l.amount_micros is null then 0 when l.entry % 2 = 0 then -1 else 1 end), 0)::bigint,
      coalesce(sum(l.unknown), 0)::bigint
    from cost_lines l join usage_events u on u.organization_id = l.organization_id and u.id = l.usage_id
    where (l.occurred_at >= ${moment(fromMs)} and l.occurred_at < ${moment(daysFrom)})
      or (l.occurred_at >= ${moment(daysTo)} and l.occurred_at < ${moment(toMs)})
    group by 1, 2, 3, 4)`;
}

/** Groups of costs for operators; `call` is not summed by day. */
export type CostDayGroup = Exclude<(typeof OPERATOR_COST_GROUPS)[number], 'call'>;

const daySums = sql`coalesce(sum(c.amount), 0)::text as amount, coalesce(sum(c.known), 0)::text as known,
    coalesce(sum(c.unknown), 0)::text as unknown`;

const valueOf = (group: CostDayGroup, features: FeaturesOfMeters): SQL =>
  ({
    organization: sql`c.organization_id`,
    meter: sql`c.meter`,
    feature: featureOf(sql`c.meter`, features),
    model: sql`nullif(c.model, '')`,
    day: sql`to_char(c.day at time zone 'UTC', 'YYYY-MM-DD')`,
  })[group];

/**
 * The costs of all organizations in a period by group, the most expensive first; for days, all of them in their order.
 */
export const sumDaysByGroup = (
  q: Queries,
  period: Period,
  { by, limit, features }: { by: CostDayGroup; limit: number; features: FeaturesOfMeters },
) =>
  q.execute<SumRow & { value: string | null }>(sql`
    select ${valueOf(by, features)} as value, ${daySums} from ${costsByDay(period)} c group by 1
    order by ${
      by === 'day'
        ? sql`1`
        : sql`case when sum(c.known) > 0 then sum(c.amount) end desc nulls last, sum(c.unknown) desc, 1 nulls last limit ${limit}`
    }`);

/** All costs of all organizations in a period. */
export const sumDays = (q: Queries, period: Period) =>
  q.execute<SumRow>(sql`select ${daySums} from ${costsByDay(period)} c`);
