import { and, eq, isNull, type SQL, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { calls, isOpenCall } from '../../calls/calls/calls.tables.ts';
import type { Queries } from '../../kernel/db/index.ts';
import { rooms } from '../rooms/rooms.tables.ts';

/**
 * The condition that a room shows to a viewer, for every select of rooms or of what belongs to them; `room-shows-to.sql` says
 * to whom a room shows.
 * @param viewer of `restrictedViewer`: a user, also one of another row; null for actors who see all rooms
 */
export function isShownTo(viewer: string | PgColumn | null): SQL | undefined {
  if (viewer === null) return undefined;
  // Most rooms are not private, and cost no call of the function.
  return sql`(not ${rooms.direct} and ${rooms.parentRoomId} is null or room_shows_to(${rooms.id}, ${viewer}, false))`;
}

/**
 * The condition that a call shows to a viewer: its room does, or they were in the call.
 * @param viewer of `restrictedViewer`: a user; null for actors who see all rooms
 */
export function isCallShownTo(viewer: string | null): SQL | undefined {
  if (viewer === null) return undefined;
  return sql`(exists (select from ${rooms} where ${rooms.id} = ${calls.roomId} and ${isShownTo(viewer)})
    or exists (select from call_participants p where p.call_id = ${calls.id} and p.identity = ${viewer}))`;
}

/** A room that shows to the viewer, with the id of its open call. */
export function selectVisibleRoom(q: Queries, organizationId: string, roomId: string, viewer: string | null) {
  return q
    .select({ room: rooms, callId: calls.id })
    .from(rooms)
    .leftJoin(calls, and(eq(calls.roomId, rooms.id), isOpenCall))
    .where(
      and(
        eq(rooms.id, roomId),
        eq(rooms.organizationId, organizationId),
        isNull(rooms.deletedAt),
        isShownTo(viewer),
      ),
    );
}
