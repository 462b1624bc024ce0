import { and, eq, gte, isNull, lt, or, sql } from 'drizzle-orm';
import { budgetLeftMs } from '../../calls/minutes/index.ts';
import { organizations } from '../../identity/organizations/organizations.tables.ts';
import { requestErrors } from '../../kernel/core/index.ts';
import { mustChange, mustHold, type Queries } from '../../kernel/db/index.ts';
import type { SpendingAlertRow, SpendingLimitRow } from './spending.rules.ts';
import { spendingAlerts, spendingLimits } from './spending.tables.ts';

/** The spending limit of an organization; no row without one. */
export const selectLimit = (q: Queries, organizationId: string) =>
  q.select().from(spendingLimits).where(eq(spendingLimits.organizationId, organizationId));

export const upsertLimit = (q: Queries, { organizationId, ...set }: SpendingLimitRow) =>
  q
    .insert(spendingLimits)
    .values({ organizationId, ...set })
    .onConflictDoUpdate({ target: spendingLimits.organizationId, set });

export const deleteLimit = (q: Queries, organizationId: string) =>
  q.delete(spendingLimits).where(eq(spendingLimits.organizationId, organizationId));

/** Notes when it was counted what is left; fails the commit with `request.stale` when the limit is another one meanwhile. */
export function noteCounted(
  q: Queries,
  { organizationId, limitMicros }: Pick<SpendingLimitRow, 'organizationId' | 'limitMicros'>,
  countedAt: Date,
) {
  const change = q
    .update(spendingLimits)
    .set({ countedAt })
    .where(
      and(eq(spendingLimits.organizationId, organizationId), eq(spendingLimits.limitMicros, limitMicros)),
    )
    .returning({ organizationId: spendingLimits.organizationId });
  return mustChange(q, change, requestErrors.stale);
}

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

/** How many alerts of an organization came up in a period. */
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

/**
 * Organizations with a limit of which it is to be counted what is left: those with an active call, and those that were last
 * counted before a moment. The longest ago first.
 */
export const selectToCount = (q: Queries, countedBefore: Date, limit: number) =>
  q
    .select({ organizationId: spendingLimits.organizationId })
    .from(spendingLimits)
    .innerJoin(organizations, eq(organizations.id, spendingLimits.organizationId))
    .where(
      and(
        isNull(organizations.deletedAt),
        or(
          lt(spendingLimits.countedAt, countedBefore),
          sql`exists (select from calls c
            where c.organization_id = ${spendingLimits.organizationId} and c.status = 'active')`,
        ),
      ),
    )
    .orderBy(spendingLimits.countedAt)
    .limit(limit);

/** Fails the commit with `request.stale` when the limit covers more connected time than that again. */
export const mustHaveLeftAtMost = (q: Queries, organizationId: string, leftMs: bigint, now: Date) =>
  mustHold(
    q,
    sql`coalesce(${budgetLeftMs(organizationId, now)} <= ${leftMs.toString()}::bigint, false)`,
    requestErrors.stale,
  );
