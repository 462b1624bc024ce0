import { type SQL, sql } from 'drizzle-orm';
import type { Queries } from '../../kernel/db/index.ts';
import { costsByDay } from '../costs/index.ts';
import type { Period } from '../usage/index.ts';
import type { MarginPosition } from './margins.rules.ts';

export interface MarginRow {
  organizationId: string;
  organizationName: string;
  revenue: { currency: string; amount: string }[];
  amount: string;
  known: string;
  unknown: string;
  unknownMeters: string[];
  /** Null when it is unknown. */
  margin: string | null;
}

const moment = (date: Date): SQL => sql`${date.toISOString()}::timestamptz`;

/**
 * Revenue of a period by organization and currency. An invoice that was paid in it counts with its total after credit
 * notes and refunds, without the share of the tax. Credit for later invoices is not counted twice: it lowers the
 * invoice for which it was given, and the invoice that it pays counts in full.
 */
const revenueOf = ({ from, to }: Period): SQL => sql`
    select p.organization_id, p.currency, sum(
      case when p.kept = p.total then p.net else price_micros((p.kept * sign(p.total))::bigint, p.net * 1000, abs(p.total)) end)::bigint
      as amount
    from (
      select i.organization_id, i.currency, i.subtotal - i.discount as net, i.total,
        i.total - i.credited_before_payment - i.credited_after_payment - greatest(0, i.refunded - (
          select coalesce(sum((n ->> 'refunded')::bigint), 0) from jsonb_array_elements(i.credit_notes) n))::bigint as kept
      from invoices i
      where i.status = 'paid' and i.paid_at >= ${moment(from)} and i.paid_at < ${moment(to)}
    ) p group by p.organization_id, p.currency`;

/** The rows after a position: margins in their order, then the unknown ones. */
function isAfter(position: MarginPosition | undefined, first: 'lowest' | 'highest'): SQL {
  if (!position) return sql`true`;
  const { margin, organizationId } = position;
  if (margin === null) return sql`m.margin is null and m.id > ${organizationId}`;
  const beyond = first === 'lowest' ? sql`>` : sql`<`;
  return sql`(m.margin is null or m.margin ${beyond} ${margin}::bigint
    or (m.margin = ${margin}::bigint and m.id > ${organizationId}))`;
}

/** A page of the organizations with revenue or costs in a period, by margin. Only the system's scope sees all of them. */
export const selectMargins = (
  q: Queries,
  period: Period,
  { after, first, limit }: { after: MarginPosition | undefined; first: 'lowest' | 'highest'; limit: number },
) =>
  q.execute<{ [K in keyof MarginRow]: MarginRow[K] }>(sql`
    with revenues as (
      select r.organization_id as id, sum(r.amount) filter (where r.currency = 'USD') as usd, bool_or(r.currency <> 'USD') as is_foreign,
        jsonb_agg(jsonb_build_object('currency', r.currency, 'amount', r.amount::text) order by r.currency) as revenue
      from (${revenueOf(period)}) r group by r.organization_id
    ), costs as (
      select c.organization_id as id, sum(c.amount) as amount, sum(c.known) as known, sum(c.unknown) as unknown,
        array_agg(distinct c.meter) filter (where c.unknown > 0) as unknown_meters
      from ${costsByDay(period)} c group by c.organization_id
    ), m as (
      select id, coalesce(revenue, '[]') as revenue, coalesce(amount, 0) as amount, coalesce(known, 0) as known,
        coalesce(unknown, 0) as unknown, coalesce(unknown_meters, '{}') as unknown_meters,
        case when is_foreign or (known <= 0 and unknown > 0) then null
          else (coalesce(usd, 0) - coalesce(amount, 0))::bigint end as margin
      from revenues full join costs using (id)
    )
    select m.id as "organizationId", o.name as "organizationName", m.revenue, m.amount::text as amount, m.known::text as known,
      m.unknown::text as unknown, to_jsonb(m.unknown_meters) as "unknownMeters", m.margin::text as margin
    from m join organizations o on o.id = m.id
    where ${isAfter(after, first)}
    order by m.margin ${first === 'lowest' ? sql`asc` : sql`desc`} nulls last, m.id limit ${limit + 1}`);
