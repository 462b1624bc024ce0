import { and, eq, inArray, isNotNull, or, type SQLWrapper, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { Queries } from '../../kernel/db/index.ts';
import { roomPeople, rooms } from './rooms.tables.ts';

/** Makes new rooms know of people what another one does: who moderates it, and who is kept out of it. */
export function copyRoomPeople(
  q: Queries,
  organizationId: string,
  { from, to, at }: { from: string; to: readonly string[]; at: Date },
) {
  const { identity, userId, role, linkId, removedAt, changedBy } = roomPeople;
  const targetRooms = alias(rooms, 'there');
  const updatedAt = sql<Date>`${at.toISOString()}::timestamptz`.as('updated_at');
  const copiedColumns = { identity, userId, role, linkId, removedAt, changedBy, updatedAt };
  const copies = q
    .select({ organizationId: roomPeople.organizationId, roomId: targetRooms.id, ...copiedColumns })
    .from(roomPeople)
    .innerJoin(targetRooms, inArray(targetRooms.id, [...to]))
    .where(
      and(
        eq(roomPeople.roomId, from),
        eq(roomPeople.organizationId, organizationId),
        or(inArray(role, ['host', 'moderator']), isNotNull(removedAt)),
      ),
    );
  return q.insert(roomPeople).select(copies);
}

/** Forgets what rooms know of people. @param roomIdentityPairs a query of rooms' ids and identities */
export function deleteRoomPeople(q: Queries, roomIdentityPairs: SQLWrapper) {
  const { roomId, identity } = roomPeople;
  return q
    .delete(roomPeople)
    .where(sql`(${roomId}, ${identity}) in ${roomIdentityPairs}`)
    .returning({ identity });
}
