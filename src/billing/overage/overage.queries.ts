import { and, asc, eq, type SQL, sql } from 'drizzle-orm';
import { entitlementGrants } from '../../identity/entitlement-grants/entitlement-grants.tables.ts';
import { INCLUDED_METERS } from '../../identity/entitlements/index.ts';
import { planChanges } from '../../identity/organizations/organizations.tables.ts';
import type { Queries } from '../../kernel/db/index.ts';
import { hourQuantity, type Period } from '../usage/index.ts';
import { subscriptions } from '../subscriptions/subscriptions.tables.ts';
import { overageMonths } from './overage.tables.ts';

const moment = (date: Date) => sql`${date.toISOString()}::timestamptz`;

/** The changes of an organization's plan, in their order. */
export const selectPlanChanges = (q: Queries, organizationId: string) =>
  q
    .select()
    .from(planChanges)
    .where(eq(planChanges.organizationId, organizationId))
    .orderBy(asc(planChanges.seq));

/** The credits that operators granted in addition to plans, including those that ended. */
export const selectCredits = (q: Queries, organizationId: string) =>
  q
    .select()
    .from(entitlementGrants)
    .where(and(eq(entitlementGrants.organizationId, organizationId), eq(entitlementGrants.kind, 'credit')));

/**
 * Usage of the meters for which plans include an amount, in spans of hours with the same terms: one begins at the first
 * full hour after each change of plan, credit or subscription, and with each month.
 */
export const sumSpans = (q: Queries, organizationId: string, month: Period) =>
  q.execute<SpanRow>(spansOf(organizationId, month));

/** A row of `sumSpans`. */
export interface SpanRow extends Record<string, string> {
  meter: string;
  startsAt: string;
  quantity: string;
}

/** What `sumSpans` selects. */
export function spansOf(organizationId: string, { from, to }: Period): SQL {
  return sql`
    with marks as materialized (
      select generate_series(${moment(from)} at time zone 'UTC', (${moment(to)} at time zone 'UTC') - interval '1 hour',
        interval '1 month') at time zone 'UTC' as at
      union select date_trunc('hour', m.moment + interval '3599.999 seconds', 'UTC') from (
        select p.changed_at as moment from plan_changes p where p.organization_id = ${organizationId}
        union all select unnest(array[g.starts_at, g.ends_at, g.revoked_at]) from entitlement_grants g
          where g.organization_id = ${organizationId} and g.kind = 'credit'
        union all select unnest(array[s.starts_at, s.trial_ends_at, s.ended_at]) from subscriptions s
          where s.organization_id = ${organizationId}) m
      where m.moment >= ${moment(from)} and m.moment < ${moment(to)})
    select h.meter, (extract(epoch from k.at) * 1000)::bigint::text as "startsAt", sum(${hourQuantity})::text as quantity
    from usage_hours h
    cross join lateral (select max(marks.at) as at from marks where marks.at <= h.hour) k
    where h.organization_id = ${organizationId} and h.hour >= ${moment(from)} and h.hour < ${moment(to)}
      and h.meter in (${sql.join(
        INCLUDED_METERS.map((meter) => sql`${meter}`),
        sql`, `,
      )})
    group by h.meter, k.at order by h.meter, k.at`;
}

/** The stored count of a month, if there is one. */
export const selectOverageOfMonth = (q: Queries, organizationId: string, month: Date) =>
  q
    .select({
      meter: overageMonths.meter,
      quantity: sql`sum(${overageMonths.quantity})`.mapWith(Number),
      units: sql`sum(${overageMonths.units})`.mapWith(Number),
    })
    .from(overageMonths)
    .where(and(eq(overageMonths.organizationId, organizationId), eq(overageMonths.month, month)))
    .groupBy(overageMonths.meter);

/** When subscriptions were and are charged: from their start, or the end of their trial, until they ended. */
export const selectChargedPeriods = (q: Queries, organizationId: string) =>
  q
    .select({
      subscriptionId: subscriptions.id,
      from: sql<Date>`greatest(${subscriptions.startsAt}, ${subscriptions.trialEndsAt})`.mapWith(
        subscriptions.startsAt,
      ),
      to: subscriptions.endedAt,
    })
    .from(subscriptions)
    .where(eq(subscriptions.organizationId, organizationId));
