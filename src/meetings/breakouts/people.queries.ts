import { and, eq, inArray, isNotNull, or, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { Queries } from '../../platform/db/index.ts';
import { roomPeople } from '../rooms/rooms.tables.ts';
import type { Breakout } from './breakouts.rules.ts';
import { breakoutRooms, breakouts } from './breakouts.tables.ts';

/**
 * Tells the groups what their room knows of people: who moderates it moderates them, and who is kept out of it is kept
 * out of them. Nothing is known in them yet.
 */
export function copyPeople(q: Queries, { id, roomId, organizationId, openedAt }: Breakout) {
  const { identity, userId, role, linkId, removedAt, changedBy } = roomPeople;
  const copies = q
    .select({
      organizationId: roomPeople.organizationId,
      roomId: breakoutRooms.roomId,
      identity,
      userId,
      role,
      linkId,
      removedAt,
      changedBy,
      updatedAt: sql<Date>`${openedAt.toISOString()}::timestamptz`.as('updated_at'),
    })
    .from(roomPeople)
    .innerJoin(breakoutRooms, eq(breakoutRooms.breakoutId, id))
    .where(
      and(
        eq(roomPeople.roomId, roomId),
        eq(roomPeople.organizationId, organizationId),
        or(inArray(role, ['host', 'moderator']), isNotNull(removedAt)),
      ),
    );
  return q.insert(roomPeople).select(copies);
}

/** The open groups that do not know by now, of an identity, whether their room keeps it out. */
export function listUnaware(q: Queries, organizationId: string, roomId: string, identity: string) {
  const there = alias(roomPeople, 'there');
  return q
    .select({ groupId: breakoutRooms.roomId, person: roomPeople })
    .from(breakouts)
    .innerJoin(breakoutRooms, eq(breakoutRooms.breakoutId, breakouts.id))
    .innerJoin(roomPeople, and(eq(roomPeople.roomId, breakouts.roomId), eq(roomPeople.identity, identity)))
    .leftJoin(there, and(eq(there.roomId, breakoutRooms.roomId), eq(there.identity, identity)))
    .where(
      and(
        eq(breakouts.organizationId, organizationId),
        eq(breakouts.roomId, roomId),
        eq(breakouts.status, 'open'),
        sql`(${there.removedAt} is null) <> (${roomPeople.removedAt} is null)`,
      ),
    );
}
