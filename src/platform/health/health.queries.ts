import { and, count, eq, isNull, min, sql } from 'drizzle-orm';
import { auditLogs } from '../../kernel/audit/index.ts';
import type { Queries } from '../../kernel/db/index.ts';
import { outbox, OUTBOX_STATUSES } from '../../kernel/events/index.ts';

/** The cheapest query. */
export function pingDatabase(q: Queries) {
  return q.execute(sql`select 1`);
}

/** The statuses that metrics show; done messages say nothing about the current state. */
export const OPEN_OUTBOX_STATUSES = OUTBOX_STATUSES.filter((status) => status !== 'done');

/** Counts messages that are not done, by status: one count per status, because each has its own partial index. */
export function countOutboxMessages(q: Queries) {
  const counts = OPEN_OUTBOX_STATUSES.map(
    (status) =>
      sql`select ${status}::text as status, count(*)::int as messages from outbox where status = ${sql.raw(`'${status}'`)}`,
  );
  return q.execute<{ status: string; messages: number }>(sql.join(counts, sql` union all `));
}

/** When the message that has been due longest became due; null when none is due. */
export function selectOldestDue(q: Queries, now: Date) {
  return q
    .select({ at: min(outbox.availableAt) })
    .from(outbox)
    .where(and(eq(outbox.status, 'pending'), sql`${outbox.availableAt} <= ${now.toISOString()}`));
}

/** Counts audit entries that are not yet sealed, with the age of the oldest. */
export function countAllUnsealedEntries(q: Queries) {
  return q
    .select({ entries: count(), oldestAt: min(auditLogs.createdAt) })
    .from(auditLogs)
    .where(isNull(auditLogs.seq));
}
