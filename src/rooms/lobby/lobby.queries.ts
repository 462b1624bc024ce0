import { and, asc, eq, gt, inArray, isNull, or } from 'drizzle-orm';
import type { ErrorFactory } from '../../kernel/core/index.ts';
import { mustChange, type Queries } from '../../kernel/db/index.ts';
import { members } from '../../identity/members/members.tables.ts';
import { roomPeople, rooms } from '../rooms/rooms.tables.ts';
import { type LobbyEntry, lobbyEntries } from './lobby.tables.ts';

/** Waits; who waits already keeps the entry's id and goes on waiting. */
export function upsertWaitingEntry(q: Queries, row: typeof lobbyEntries.$inferInsert) {
  const { name, role, expiresAt } = row;
  return q
    .insert(lobbyEntries)
    .values(row)
    .onConflictDoUpdate({ target: lobbyEntries.id, set: { name, role, expiresAt } });
}

const isInRoom = (organizationId: string, roomId: string) =>
  and(eq(lobbyEntries.roomId, roomId), eq(lobbyEntries.organizationId, organizationId));

/** In the order they came. */
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
        after === undefined ? undefined : gt(lobbyEntries.id, after),
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

/** Members who host or moderate the room by its own word for them, or because they made it. */
export function selectModeratorIds(q: Queries, organizationId: string, roomId: string, limit: number) {
  const isOwnRow = and(eq(roomPeople.roomId, rooms.id), eq(roomPeople.identity, members.userId));
  return q
    .select({ userId: members.userId })
    .from(members)
    .innerJoin(rooms, and(eq(rooms.id, roomId), eq(rooms.organizationId, members.organizationId)))
    .leftJoin(roomPeople, isOwnRow)
    .where(
      and(
        eq(members.organizationId, organizationId),
        eq(members.status, 'active'),
        isNull(roomPeople.removedAt),
        or(
          inArray(roomPeople.role, ['host', 'moderator']),
          and(isNull(roomPeople.role), eq(rooms.createdBy, members.userId)),
        ),
      ),
    )
    .orderBy(asc(members.userId))
    .limit(limit);
}

/** Decides entries that all still wait; otherwise the commit fails with `error`. */
export function updateWaitingEntries(
  q: Queries,
  organizationId: string,
  entries: readonly LobbyEntry[],
  set: Pick<LobbyEntry, 'status' | 'decidedAt' | 'decidedBy' | 'expiresAt'>,
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
