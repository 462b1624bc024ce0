import { and, asc, eq, gt, gte, isNull, lt, lte, or, sql } from 'drizzle-orm';
import { requestErrors } from '../../kernel/core/index.ts';
import { mustChange, type Queries } from '../../kernel/db/index.ts';
import { billingCustomers } from '../customers/customers.tables.ts';
import { subscriptions } from '../subscriptions/subscriptions.tables.ts';
import { overageAttempts, overageMonths, overageReports } from './overage.tables.ts';
import type { OverageReport } from './report.rules.ts';

/**
 * Subscriptions whose usage can still be charged: they have not ended, or ended with their period after `endedAfter`
 * (no invoice follows a subscription that was cancelled at once). The oldest last attempt comes first.
 * @param options.before leaves out subscriptions with an attempt then or later: this run has processed them
 */
export const selectSubscriptionsToReport = (
  q: Queries,
  { before, endedAfter, limit }: { before: Date | undefined; endedAfter: Date; limit: number },
) =>
  q
    .select({
      organizationId: subscriptions.organizationId,
      subscriptionId: subscriptions.id,
      provider: subscriptions.provider,
      providerSubscriptionId: subscriptions.providerSubscriptionId,
      customerId: billingCustomers.customerId,
      startsAt: subscriptions.startsAt,
      endedAt: subscriptions.endedAt,
    })
    .from(subscriptions)
    .innerJoin(billingCustomers, eq(billingCustomers.organizationId, subscriptions.organizationId))
    .leftJoin(overageAttempts, eq(overageAttempts.subscriptionId, subscriptions.id))
    .where(
      and(
        or(
          isNull(subscriptions.endedAt),
          and(gt(subscriptions.endedAt, endedAfter), gte(subscriptions.endedAt, subscriptions.periodEndsAt)),
        ),
        before && or(isNull(overageAttempts.attemptedAt), lt(overageAttempts.attemptedAt, before)),
      ),
    )
    .orderBy(sql`${overageAttempts.attemptedAt} asc nulls first`, asc(subscriptions.id))
    .limit(limit);
export type SubscriptionToReport = Awaited<ReturnType<typeof selectSubscriptionsToReport>>[number];

export function markAttempted(
  q: Queries,
  { organizationId, subscriptionId }: Pick<SubscriptionToReport, 'organizationId' | 'subscriptionId'>,
  attemptedAt: Date,
) {
  return q
    .insert(overageAttempts)
    .values({ organizationId, subscriptionId, attemptedAt })
    .onConflictDoUpdate({ target: overageAttempts.subscriptionId, set: { attemptedAt } });
}

/** All months that were ever counted. */
export const selectOverageMonths = (q: Queries, organizationId: string) =>
  q.select().from(overageMonths).where(eq(overageMonths.organizationId, organizationId));

export function upsertOverageMonths(q: Queries, rows: (typeof overageMonths.$inferInsert)[]) {
  return q
    .insert(overageMonths)
    .values(rows)
    .onConflictDoUpdate({
      target: [
        overageMonths.organizationId,
        overageMonths.meter,
        overageMonths.month,
        overageMonths.subscriptionId,
      ],
      set: {
        quantity: sql`excluded.quantity`,
        units: sql`excluded.units`,
        countedAt: sql`excluded.counted_at`,
      },
    });
}

/** All reports, the earliest first. */
export const selectOverageReports = (q: Queries, organizationId: string) =>
  q
    .select()
    .from(overageReports)
    .where(eq(overageReports.organizationId, organizationId))
    .orderBy(asc(overageReports.meter), asc(overageReports.revision));

/** Stores reports before they are sent. A revision that exists already violates the primary key. */
export const insertOverageReports = (q: Queries, rows: OverageReport[]) =>
  q.insert(overageReports).values(rows);

const isOpen = ({ organizationId, meter, revision }: OverageReport) =>
  and(
    eq(overageReports.organizationId, organizationId),
    eq(overageReports.meter, meter),
    eq(overageReports.revision, revision),
    isNull(overageReports.deliveredAt),
  );

/**
 * Gives this run the sole right to send a report; when another run has it, or has sent the report, the commit fails
 * with `request.stale`.
 */
export function claimReport(q: Queries, report: OverageReport, { now, until }: { now: Date; until: Date }) {
  const isFree = or(isNull(overageReports.claimedUntil), lte(overageReports.claimedUntil, now));
  const claim = q
    .update(overageReports)
    .set({ claimedUntil: until })
    .where(and(isOpen(report), isFree))
    .returning({ revision: overageReports.revision });
  return mustChange(q, claim, requestErrors.stale);
}

/** Changes a report that the provider refused to all units that are due at that time. */
export const enlargeReport = (q: Queries, report: OverageReport, units: number) =>
  q.update(overageReports).set({ units, claimedUntil: null }).where(isOpen(report));

/** Lets the next run send a report that this one could not. */
export const releaseReport = (q: Queries, report: OverageReport) =>
  q.update(overageReports).set({ claimedUntil: null }).where(isOpen(report));

export const markDelivered = (q: Queries, report: OverageReport, deliveredAt: Date) =>
  q.update(overageReports).set({ deliveredAt, claimedUntil: null }).where(isOpen(report));
