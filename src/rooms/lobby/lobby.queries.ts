import { and, asc, eq, gt, inArray, isNull, sql } from 'drizzle-orm';
import type { ErrorFactory } from '../../kernel/core/index.ts';
import { mustChange, type Queries, isAfter } from '../../kernel/db/index.ts';
import { type LobbyEntry, lobbyEntries } from './lobby.tables.ts';

/** Stores a waiting entry; one that exists already keeps its id and waits longer. */
export function upsertWaitingEntry(q: Queries, row: typeof lobbyEntries.$inferInsert) {
  const { name, role, expiresAt } = row;
  return q
    .insert(lobbyEntries)
    .values(row)
    .onConflictDoUpdate({ target: lobbyEntries.id, set: { name, role, expiresAt } });
}

const isInRoom = (organizationId: string, roomId: string) =>
  and(eq(lobbyEntries.roomId, roomId), eq(lobbyEntries.organizationId, organizationId));

/** The waiting entries of a room, in the order of their arrival. */
export function selectWaitingEntries(
  q: Queries,
  organizationId: string,
  roomId: string,
  now: Date,
  limit: number,
  after?: string,
) {
  return q
    .select()
    .from(lobbyEntries)
    .where(
      and(
        isInRoom(organizationId, roomId),
        eq(lobbyEntries.status, 'waiting'),
        gt(lobbyEntries.expiresAt, now),
        isAfter(lobbyEntries.id, after),
      ),
    )
    .orderBy(asc(lobbyEntries.id))
    .limit(limit);
}

export function selectEntry(q: Queries, organizationId: string, roomId: string, entryId: string) {
  return q
    .select()
    .from(lobbyEntries)
    .where(and(isInRoom(organizationId, roomId), eq(lobbyEntries.id, entryId)));
}

export function selectEntries(
  q: Queries,
  organizationId: string,
  roomId: string,
  entryIds: readonly string[],
) {
  return q
    .select()
    .from(lobbyEntries)
    .where(and(isInRoom(organizationId, roomId), inArray(lobbyEntries.id, [...entryIds])));
}

/** Decides entries that are all still waiting; otherwise the commit fails with `conflictError`. */
export function updateWaitingEntries(
  q: Queries,
  organizationId: string,
  entries: readonly LobbyEntry[],
  set: Pick<LobbyEntry, 'status' | 'callId' | 'decidedAt' | 'decidedBy' | 'expiresAt'>,
  conflictError: ErrorFactory,
) {
  const ids = entries.map(({ id }) => id);
  const change = q
    .update(lobbyEntries)
    .set(set)
    .where(
      and(
        eq(lobbyEntries.organizationId, organizationId),
        inArray(lobbyEntries.id, ids),
        eq(lobbyEntries.status, 'waiting'),
      ),
    )
    .returning({ id: lobbyEntries.id });
  return mustChange(q, change, conflictError, ids.length);
}

/**
 * Ties an entry to the call in which its person took a seat: it admits to no other call, and if it was still waiting, it
 * waits no longer.
 */
export function useEntry(
  q: Queries,
  organizationId: string,
  entryId: string,
  { callId, now, expiresAt }: { callId: string; now: Date; expiresAt: Date },
) {
  const isWaiting = sql`${lobbyEntries.status} = 'waiting'`;
  return q
    .update(lobbyEntries)
    .set({
      status: 'admitted',
      callId,
      decidedAt: sql`coalesce(${lobbyEntries.decidedAt}, ${now.toISOString()}::timestamptz)`,
      expiresAt: sql`case when ${isWaiting} then ${expiresAt.toISOString()}::timestamptz else ${lobbyEntries.expiresAt} end`,
    })
    .where(
      and(
        eq(lobbyEntries.organizationId, organizationId),
        eq(lobbyEntries.id, entryId),
        inArray(lobbyEntries.status, ['waiting', 'admitted']),
      ),
    );
}

/** Ties admissions from before a call to that call, so that they admit to no later one. */
export function tieAdmissionsToCall(q: Queries, organizationId: string, roomId: string, callId: string) {
  return q
    .update(lobbyEntries)
    .set({ callId })
    .where(
      and(isInRoom(organizationId, roomId), eq(lobbyEntries.status, 'admitted'), isNull(lobbyEntries.callId)),
    );
}
