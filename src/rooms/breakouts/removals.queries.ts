import { and, eq, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { Queries } from '../../kernel/db/index.ts';
import { roomPeople } from '../rooms/rooms.tables.ts';
import { breakoutRooms, breakouts } from './breakouts.tables.ts';

/** The open groups that do not know by now, of an identity, whether their room keeps it out. */
export function selectGroupsWithOutdatedRemoval(
  q: Queries,
  organizationId: string,
  roomId: string,
  identity: string,
) {
  const groupPeople = alias(roomPeople, 'there');
  return q
    .select({ groupId: breakoutRooms.roomId, person: roomPeople })
    .from(breakouts)
    .innerJoin(breakoutRooms, eq(breakoutRooms.breakoutId, breakouts.id))
    .innerJoin(roomPeople, and(eq(roomPeople.roomId, breakouts.roomId), eq(roomPeople.identity, identity)))
    .leftJoin(
      groupPeople,
      and(eq(groupPeople.roomId, breakoutRooms.roomId), eq(groupPeople.identity, identity)),
    )
    .where(
      and(
        eq(breakouts.organizationId, organizationId),
        eq(breakouts.roomId, roomId),
        eq(breakouts.status, 'open'),
        sql`(${groupPeople.removedAt} is null) <> (${roomPeople.removedAt} is null)`,
      ),
    );
}
