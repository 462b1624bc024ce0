import { asc, desc, eq, isNull, lt, or, sql } from 'drizzle-orm';
import type { Queries } from '../../kernel/db/index.ts';
import { billingCustomers } from '../customers/customers.tables.ts';
import { billingReconciliations, billingRepairs } from './reconciliation.tables.ts';

const isOlderThan = (before: Date) =>
  or(isNull(billingReconciliations.reconciledAt), lt(billingReconciliations.reconciledAt, before));

/**
 * Customers that were not compared since `before`; the oldest last attempt first, so that failures do not keep others
 * waiting.
 */
export const selectToReconcile = (q: Queries, before: Date, limit: number) =>
  q
    .select({
      organizationId: billingCustomers.organizationId,
      provider: billingCustomers.provider,
      customerId: billingCustomers.customerId,
    })
    .from(billingCustomers)
    .leftJoin(
      billingReconciliations,
      eq(billingReconciliations.organizationId, billingCustomers.organizationId),
    )
    .where(isOlderThan(before))
    .orderBy(sql`${billingReconciliations.attemptedAt} asc nulls first`, asc(billingCustomers.organizationId))
    .limit(limit);

/** Stores when the comparison of a customer was attempted or done. */
export const markReconciliation = (
  q: Queries,
  organizationId: string,
  set: { attemptedAt: Date } | { reconciledAt: Date },
) =>
  q
    .insert(billingReconciliations)
    .values({ organizationId, ...set })
    .onConflictDoUpdate({ target: billingReconciliations.organizationId, set });

export const insertRepair = (q: Queries, row: typeof billingRepairs.$inferInsert) =>
  q.insert(billingRepairs).values(row);

/** The number of customers, the number not compared since `before`, and the oldest of their last comparisons. */
export const selectProgress = (q: Queries, before: Date) =>
  q
    .select({
      customers: sql<number>`count(*)::int`,
      waiting: sql<number>`count(*) filter (where ${isOlderThan(before)})::int`,
      oldestAt: sql<string | null>`min(${billingReconciliations.reconciledAt})`,
    })
    .from(billingCustomers)
    .leftJoin(
      billingReconciliations,
      eq(billingReconciliations.organizationId, billingCustomers.organizationId),
    );

/** The latest repairs of all organizations. */
export const selectLatestRepairs = (q: Queries, limit: number) =>
  q.select().from(billingRepairs).orderBy(desc(billingRepairs.id)).limit(limit);
