import { and, count, eq, isNull, min, sql } from 'drizzle-orm';
import { auditLogs } from '../../kernel/audit/index.ts';
import type { Queries } from '../../kernel/db/index.ts';
import { outbox, OUTBOX_STATUSES } from '../../kernel/events/index.ts';

/** The cheapest question there is. */
export function pingDatabase(q: Queries) {
  return q.execute(sql`select 1`);
}

/** The message statuses that metrics show; those that are done say nothing about how things go. */
export const OPEN_OUTBOX_STATUSES = OUTBOX_STATUSES.filter((status) => status !== 'done');

/** Messages that are not done, by status: one count for each, because each has an index of its own. */
export function countOutboxMessages(q: Queries) {
  const counts = OPEN_OUTBOX_STATUSES.map(
    (status) =>
      sql`select ${status}::text as status, count(*)::int as messages from outbox where status = ${sql.raw(`'${status}'`)}`,
  );
  return q.execute<{ status: string; messages: number }>(sql.join(counts, sql` union all `));
}

/** When the message that should have gone first became due; null when none waits. */
export function selectOldestDue(q: Queries, now: Date) {
  return q
    .select({ at: min(outbox.availableAt) })
    .from(outbox)
    .where(and(eq(outbox.status, 'pending'), sql`${outbox.availableAt} <= ${now.toISOString()}`));
}

/** Audit entries that are not in their chain yet, and the oldest of them. */
export function countAllUnsealedEntries(q: Queries) {
  return q
    .select({ entries: count(), oldestAt: min(auditLogs.createdAt) })
    .from(auditLogs)
    .where(isNull(auditLogs.seq));
}
