import { and, asc, eq, gt, isNull, not, sql } from 'drizzle-orm';
import { calls, isOpenCall } from '../../calls/calls/calls.tables.ts';
import type { Queries } from '../../kernel/db/index.ts';
import { lobbyEntries } from '../lobby/lobby.tables.ts';
import { roomPeople, rooms } from '../rooms/rooms.tables.ts';
import { links } from './links.tables.ts';

/**
 * The people in a room's lobby whom nothing keeps waiting any longer, with the open call: the room is open and neither
 * locked nor has a lobby, and their link requires no approval.
 */
export function selectReleasedEntries(
  q: Queries,
  organizationId: string,
  roomId: string,
  now: Date,
  limit: number,
) {
  return q
    .select({ entry: lobbyEntries, call: calls })
    .from(lobbyEntries)
    .innerJoin(rooms, eq(rooms.id, lobbyEntries.roomId))
    .leftJoin(calls, and(eq(calls.roomId, rooms.id), isOpenCall))
    .leftJoin(
      roomPeople,
      and(eq(roomPeople.roomId, rooms.id), eq(roomPeople.identity, lobbyEntries.identity)),
    )
    .leftJoin(links, eq(links.id, roomPeople.linkId))
    .where(
      and(
        eq(lobbyEntries.roomId, roomId),
        eq(lobbyEntries.organizationId, organizationId),
        eq(lobbyEntries.status, 'waiting'),
        gt(lobbyEntries.expiresAt, now),
        isNull(rooms.deletedAt),
        eq(rooms.status, 'open'),
        not(rooms.lobby),
        not(rooms.locked),
        sql`not coalesce(${links.requireApproval}, false)`,
      ),
    )
    .orderBy(asc(lobbyEntries.id))
    .limit(limit);
}
