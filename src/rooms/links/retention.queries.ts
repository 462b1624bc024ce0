import { and, eq, gt, isNull, like, lt, notExists, or, sql } from 'drizzle-orm';
import type { Queries } from '../../kernel/db/index.ts';
import { lobbyEntries } from '../lobby/lobby.tables.ts';
import { callParticipants, calls } from '../../calls/calls/calls.tables.ts';
import { deleteRoomPeople } from '../rooms/index.ts';
import { roomPeople, rooms } from '../rooms/rooms.tables.ts';
import { links, linkVisitors } from './links.tables.ts';

/** Deletes visitors of links that ended before then or whose room was deleted before then, at most `limit`. */
export function deleteExpiredVisitors(q: Queries, before: Date, limit: number) {
  const expiredVisitors = q
    .select({ linkId: linkVisitors.linkId, visitorHash: linkVisitors.visitorHash })
    .from(linkVisitors)
    .innerJoin(links, eq(links.id, linkVisitors.linkId))
    .innerJoin(rooms, eq(rooms.id, links.roomId))
    .leftJoin(calls, eq(calls.id, links.callId))
    .where(
      or(
        lt(links.deletedAt, before),
        lt(links.expiresAt, before),
        lt(calls.endedAt, before),
        lt(rooms.deletedAt, before),
      ),
    )
    .limit(limit);
  return q
    .delete(linkVisitors)
    .where(sql`(${linkVisitors.linkId}, ${linkVisitors.visitorHash}) in ${expiredVisitors}`)
    .returning({ linkId: linkVisitors.linkId });
}

/**
 * Deletes what rooms store about guests who never got in: last changed between the two moments, without a seat in a call
 * of the room or an entry in its lobby, and not removed. At most `limit`.
 */
export function deleteIdleGuests(q: Queries, { from, to }: { from: Date; to: Date }, limit: number) {
  const { roomId, identity, updatedAt, removedAt } = roomPeople;
  const participations = q
    .select({ id: callParticipants.id })
    .from(calls)
    .innerJoin(callParticipants, eq(callParticipants.callId, calls.id))
    .where(and(eq(calls.roomId, roomId), eq(callParticipants.identity, identity)));
  const entries = q
    .select({ id: lobbyEntries.id })
    .from(lobbyEntries)
    .where(and(eq(lobbyEntries.roomId, roomId), eq(lobbyEntries.identity, identity)));
  const idle = q
    .select({ roomId, identity })
    .from(roomPeople)
    .where(
      and(
        like(identity, 'gst\\_%'),
        isNull(removedAt),
        gt(updatedAt, from),
        lt(updatedAt, to),
        notExists(participations),
        notExists(entries),
      ),
    )
    .limit(limit);
  return deleteRoomPeople(q, idle);
}
