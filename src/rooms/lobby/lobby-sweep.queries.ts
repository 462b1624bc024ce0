import { and, asc, eq, inArray, lt, ne } from 'drizzle-orm';
import type { Queries } from '../../kernel/db/index.ts';
import { lobbyEntries } from './lobby.tables.ts';

const isOverdue = (now: Date) => and(eq(lobbyEntries.status, 'waiting'), lt(lobbyEntries.expiresAt, now));

/** Entries of all organizations whose wait is over, those that expired first come first. */
export function selectOverdueEntries(q: Queries, now: Date, limit: number) {
  const { id, organizationId, roomId, expiresAt } = lobbyEntries;
  return q
    .select({ id, organizationId, roomId })
    .from(lobbyEntries)
    .where(isOverdue(now))
    .orderBy(asc(expiresAt))
    .limit(limit);
}

/** Expires those of the entries that are still overdue: a person who asked again meanwhile continues to wait. */
export function expireEntries(q: Queries, organizationId: string, ids: readonly string[], now: Date) {
  return q
    .update(lobbyEntries)
    .set({ status: 'expired', decidedAt: now })
    .where(
      and(
        eq(lobbyEntries.organizationId, organizationId),
        inArray(lobbyEntries.id, [...ids]),
        isOverdue(now),
      ),
    );
}

/** Deletes entries that ended before then, at most `limit`. */
export function deleteOldEntries(q: Queries, before: Date, limit: number) {
  const oldEntryIds = q
    .select({ id: lobbyEntries.id })
    .from(lobbyEntries)
    .where(and(ne(lobbyEntries.status, 'waiting'), lt(lobbyEntries.expiresAt, before)))
    .limit(limit);
  return q.delete(lobbyEntries).where(inArray(lobbyEntries.id, oldEntryIds));
}
