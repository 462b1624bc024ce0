import { and, asc, eq, gt, isNull, or, sql } from 'drizzle-orm';
import type { Queries } from '../../kernel/db/index.ts';
import { billingCustomers } from '../customers/customers.tables.ts';
import { subscriptions } from '../subscriptions/subscriptions.tables.ts';
import { overageMonths, overageReports } from './overage.tables.ts';
import type { OverageReport } from './report.rules.ts';

/** Customers whose usage can still be charged: their subscription has not ended, or after `endedAfter`. */
export function selectCustomersToReport(
  q: Queries,
  { after, endedAfter, limit }: { after: string; endedAfter: Date; limit: number },
) {
  const { organizationId, provider, customerId } = billingCustomers;
  return q
    .select({
      organizationId,
      provider,
      customerId,
      /** Null while one of the subscriptions has not ended. */
      endedAt:
        sql<Date | null>`case when count(*) = count(${subscriptions.endedAt}) then max(${subscriptions.endedAt}) end`.mapWith(
          (value: string | null) => (value === null ? null : new Date(value)),
        ),
    })
    .from(billingCustomers)
    .innerJoin(subscriptions, eq(subscriptions.organizationId, organizationId))
    .where(
      and(
        gt(organizationId, after),
        or(isNull(subscriptions.endedAt), gt(subscriptions.endedAt, endedAfter)),
      ),
    )
    .groupBy(organizationId, provider, customerId)
    .orderBy(asc(organizationId))
    .limit(limit);
}
export type CustomerToReport = Awaited<ReturnType<typeof selectCustomersToReport>>[number];

/** All months that were ever counted. */
export const selectOverageMonths = (q: Queries, organizationId: string) =>
  q.select().from(overageMonths).where(eq(overageMonths.organizationId, organizationId));

export function upsertOverageMonths(q: Queries, rows: (typeof overageMonths.$inferInsert)[]) {
  return q
    .insert(overageMonths)
    .values(rows)
    .onConflictDoUpdate({
      target: [overageMonths.organizationId, overageMonths.meter, overageMonths.month],
      set: {
        quantity: sql`excluded.quantity`,
        units: sql`excluded.units`,
        countedAt: sql`excluded.counted_at`,
      },
    });
}

/** Everything that was reported, the earliest first. */
export const selectOverageReports = (q: Queries, organizationId: string) =>
  q
    .select()
    .from(overageReports)
    .where(eq(overageReports.organizationId, organizationId))
    .orderBy(asc(overageReports.meter), asc(overageReports.revision));

/** Stores reports before they are sent. A revision that is there already violates the primary key. */
export const insertOverageReports = (q: Queries, rows: OverageReport[]) =>
  q.insert(overageReports).values(rows);

export const markDelivered = (
  q: Queries,
  { organizationId, meter, revision }: OverageReport,
  deliveredAt: Date,
) =>
  q
    .update(overageReports)
    .set({ deliveredAt })
    .where(
      and(
        eq(overageReports.organizationId, organizationId),
        eq(overageReports.meter, meter),
        eq(overageReports.revision, revision),
        isNull(overageReports.deliveredAt),
      ),
    );
