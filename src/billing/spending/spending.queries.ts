import { and, desc, eq, gte, isNull, lt, or, type SQL, sql } from 'drizzle-orm';
import { budgetLeftMs } from '../../calls/minutes/index.ts';
import { organizations } from '../../identity/organizations/organizations.tables.ts';
import { requestErrors } from '../../kernel/core/index.ts';
import { mustChange, mustHold, type Queries } from '../../kernel/db/index.ts';
import { phoneCalls } from '../../media/phone-calls/phone-calls.tables.ts';
import { type SpanRow, spansOf } from '../overage/index.ts';
import { subscriptions } from '../subscriptions/subscriptions.tables.ts';
import type { SpendingAlertRow, SpendingLimitRow } from './spending.rules.ts';
import type { Period } from '../usage/index.ts';
import { spendingAlerts, spendingLimits } from './spending.tables.ts';

/** The spending limit of an organization; no row without one. */
export const selectLimit = (q: Queries, organizationId: string) =>
  q.select().from(spendingLimits).where(eq(spendingLimits.organizationId, organizationId));

export const insertLimit = (q: Queries, row: SpendingLimitRow) => q.insert(spendingLimits).values(row);

export const deleteLimit = (q: Queries, organizationId: string) =>
  q.delete(spendingLimits).where(eq(spendingLimits.organizationId, organizationId));

/**
 * Changes the limit, or notes when the remainder was counted; fails the commit with `request.stale` when the limit was
 * changed or counted since it was read, because that count may be based on a newer plan.
 */
export function updateLimit(q: Queries, read: SpendingLimitRow, set: Partial<SpendingLimitRow>) {
  const change = q
    .update(spendingLimits)
    .set(set)
    .where(
      and(
        eq(spendingLimits.organizationId, read.organizationId),
        eq(spendingLimits.limitMicros, read.limitMicros),
        eq(spendingLimits.countedAt, read.countedAt),
      ),
    )
    .returning({ organizationId: spendingLimits.organizationId });
  return mustChange(q, change, requestErrors.stale);
}

/**
 * Telephone minutes of a month that are not in usage yet, up to now, in milliseconds: of running calls, and of ended
 * calls that wait to be recorded.
 */
function unrecordedPhoneMs(organizationId: string, { from, to, now }: Period & { now: Date }): SQL {
  const moment = sql`${now.toISOString()}::timestamptz`;
  return sql`(select coalesce(sum(
      (extract(epoch from least(coalesce(p.ended_at, ${moment}), ${moment}) - p.answered_at) * 1000)::bigint), 0)::bigint
    from ${phoneCalls} p
    where p.organization_id = ${organizationId} and p.answered_at >= ${from.toISOString()}::timestamptz
      and p.answered_at < least(${to.toISOString()}::timestamptz, ${moment})
      and not exists (select from usage_events e
        where e.organization_id = p.organization_id and e.meter = 'phone_minutes' and e.key = p.id))`;
}

/**
 * The recorded usage of a month, and connected time and telephone minutes of it that are not recorded yet, in
 * milliseconds. They are read at one moment, because usage that is recorded between two statements would be in neither
 * or in both.
 */
export const selectUsage = (q: Queries, organizationId: string, { from, to, now }: Period & { now: Date }) =>
  q.execute<{ spans: SpanRow[]; connectedMs: string; phoneMs: string }>(sql`
    select coalesce((select json_agg(s) from (${spansOf(organizationId, { from, to })}) s), '[]') as spans,
      unrecorded_ms(${organizationId}, ${from.toISOString()}::timestamptz, ${to.toISOString()}::timestamptz,
        ${now.toISOString()}::timestamptz)::text as "connectedMs",
      ${unrecordedPhoneMs(organizationId, { from, to, now })}::text as "phoneMs"`);

/** The alerts of a month, the earliest first. */
export const selectAlerts = (q: Queries, organizationId: string, monthStartsAt: Date) =>
  q
    .select()
    .from(spendingAlerts)
    .where(
      and(eq(spendingAlerts.organizationId, organizationId), eq(spendingAlerts.monthStartsAt, monthStartsAt)),
    )
    .orderBy(spendingAlerts.reachedAt);

export const insertAlert = (q: Queries, row: SpendingAlertRow) => q.insert(spendingAlerts).values(row);

/** The number of alerts of an organization in a period. */
export const countAlerts = (q: Queries, organizationId: string, from: Date, to: Date) =>
  q
    .select({ count: sql<number>`count(*)::integer` })
    .from(spendingAlerts)
    .where(
      and(
        eq(spendingAlerts.organizationId, organizationId),
        gte(spendingAlerts.reachedAt, from),
        lt(spendingAlerts.reachedAt, to),
      ),
    );

const hasActiveCall = sql<boolean>`exists (select from calls c
  where c.organization_id = ${spendingLimits.organizationId} and c.status = 'active')`;

/** Whether usage was recorded since hours were last summed up: it may be beyond the plan. */
const hasNewUsage = sql<boolean>`exists (select from usage_hours h
  where h.organization_id = ${spendingLimits.organizationId} and h.stale)`;

/** Whether a subscription began to be charged since the last count; the end of a trial raises no event by itself. */
const isChargedSince = (now: Date) => sql`exists (select from ${subscriptions}
  where ${subscriptions.organizationId} = ${spendingLimits.organizationId} and ${subscriptions.endedAt} is null
    and ${subscriptions.trialEndsAt} > ${spendingLimits.countedAt}
    and ${subscriptions.trialEndsAt} <= ${now.toISOString()}::timestamptz)`;

/**
 * Organizations with a limit whose remainder has to be counted: those with an active call or new usage, those whose
 * trial has ended since, and those that were last counted before a moment. Organizations with calls come first, the
 * longest waiting ones before others.
 */
export const selectToCount = (q: Queries, countedBefore: Date, now: Date, limit: number) =>
  q
    .select({ organizationId: spendingLimits.organizationId })
    .from(spendingLimits)
    .innerJoin(organizations, eq(organizations.id, spendingLimits.organizationId))
    .where(
      and(
        isNull(organizations.deletedAt),
        or(lt(spendingLimits.countedAt, countedBefore), hasActiveCall, hasNewUsage, isChargedSince(now)),
      ),
    )
    .orderBy(desc(hasActiveCall), spendingLimits.countedAt)
    .limit(limit);

/** Fails the commit with `request.stale` when the limit has changed. */
export const mustHaveLimit = (q: Queries, { organizationId, limitMicros }: SpendingLimitRow) =>
  mustHold(
    q,
    sql`exists (select from ${spendingLimits} where ${spendingLimits.organizationId} = ${organizationId}
      and ${spendingLimits.limitMicros} = ${limitMicros.toString()}::bigint)`,
    requestErrors.stale,
  );

/** Fails the commit with `request.stale` when the limit covers more connected time again. */
export const mustHaveLeftAtMost = (q: Queries, organizationId: string, leftMs: bigint, now: Date) =>
  mustHold(
    q,
    sql`coalesce(${budgetLeftMs(organizationId, now)} <= ${leftMs.toString()}::bigint, false)`,
    requestErrors.stale,
  );
