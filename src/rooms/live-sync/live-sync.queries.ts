import { and, desc, eq, gt, isNotNull, isNull, or, sql } from 'drizzle-orm';
import { callParticipants, calls, isOpenCall } from '../../calls/calls/calls.tables.ts';
import { requestErrors } from '../../kernel/core/index.ts';
import { mustHold, type Queries } from '../../kernel/db/index.ts';
import { accessFactColumns, isPersonOf } from '../access/index.ts';
import { roomPeople, rooms } from '../rooms/rooms.tables.ts';

/** A call with its room, whether open, ended or deleted. */
export function selectCallWithRoom(q: Queries, organizationId: string, callId: string) {
  return q
    .select({ call: calls, room: rooms })
    .from(calls)
    .innerJoin(rooms, eq(rooms.id, calls.roomId))
    .where(and(eq(calls.id, callId), eq(calls.organizationId, organizationId)));
}

export function selectRoomOrDeleted(q: Queries, organizationId: string, roomId: string) {
  return q
    .select()
    .from(rooms)
    .where(and(eq(rooms.id, roomId), eq(rooms.organizationId, organizationId)));
}

/**
 * The seats of a user in open calls, and those they took after `since`, newest first; each with its room and with what
 * decides their role in it.
 */
export function selectMemberSeats(q: Queries, organizationId: string, userId: string, since: Date) {
  return q
    .select({
      participant: callParticipants,
      room: rooms,
      isOpen: sql<boolean>`${isOpenCall}`,
      ...accessFactColumns(q, organizationId, userId),
    })
    .from(callParticipants)
    .innerJoin(calls, eq(calls.id, callParticipants.callId))
    .innerJoin(rooms, eq(rooms.id, calls.roomId))
    .leftJoin(roomPeople, isPersonOf(userId))
    .where(
      and(
        eq(callParticipants.organizationId, organizationId),
        eq(callParticipants.userId, userId),
        or(isOpenCall, gt(callParticipants.seatSince, since)),
        isNull(rooms.deletedAt),
      ),
    )
    .orderBy(desc(calls.id));
}

/** Fails the commit with `request.stale` when somebody was given a role of their own in the room. */
export function mustHaveNoRole(q: Queries, roomId: string, identity: string) {
  const ownRole = q
    .select({ role: roomPeople.role })
    .from(roomPeople)
    .where(and(eq(roomPeople.roomId, roomId), eq(roomPeople.identity, identity), isNotNull(roomPeople.role)));
  return mustHold(q, sql`not exists (${ownRole})`, requestErrors.stale);
}
