import { and, count, eq, isNull, min, sql } from 'drizzle-orm';
import { auditLogs } from '../../kernel/audit/index.ts';
import type { Queries } from '../../kernel/db/index.ts';
import { deliveries, DELIVERY_STATUSES } from '../../kernel/delivery/deliveries.tables.ts';
import { outbox } from '../../kernel/events/events.tables.ts';

/** The cheapest query. */
export function pingDatabase(q: Queries) {
  return q.execute(sql`select 1`);
}

/** Data for metrics: events without deliveries yet, and deliveries by status, except those that are done. */
export const OPEN_DELIVERY_STATUSES = [
  'unpublished',
  ...DELIVERY_STATUSES.filter((status) => status !== 'done'),
] as const;

/** Deliveries that are not done, by status, and unpublished events: one count each, because each has its own index. */
export function countOutboxMessages(q: Queries) {
  const counts = DELIVERY_STATUSES.filter((status) => status !== 'done').map(
    (status) =>
      sql`select ${status}::text as status, count(*)::int as messages from deliveries where status = ${sql.raw(`'${status}'`)}`,
  );
  const unpublished = sql`select 'unpublished' as status, count(*)::int as messages from outbox where status = 'pending'`;
  return q.execute<{ status: string; messages: number }>(
    sql.join([...counts, unpublished], sql` union all `),
  );
}

/** When the first of what is due became due; null when nothing is. */
export function selectOldestDue(q: Queries, now: Date) {
  return q
    .select({
      at: sql<Date | null>`least(min(${deliveries.availableAt}), (
      select min(${outbox.availableAt}) from ${outbox}
      where ${outbox.status} = 'pending' and ${outbox.availableAt} <= ${now.toISOString()}))`.mapWith(
        outbox.availableAt,
      ),
    })
    .from(deliveries)
    .where(and(eq(deliveries.status, 'pending'), sql`${deliveries.availableAt} <= ${now.toISOString()}`));
}

/** Counts audit entries that are not yet sealed, with the age of the oldest. */
export function countAllUnsealedEntries(q: Queries) {
  return q
    .select({ entries: count(), oldestAt: min(auditLogs.createdAt) })
    .from(auditLogs)
    .where(isNull(auditLogs.seq));
}
