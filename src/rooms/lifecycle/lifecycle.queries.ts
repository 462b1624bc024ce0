import { and, desc, eq, gt, isNotNull, isNull, notExists, or, sql } from 'drizzle-orm';
import { requestErrors } from '../../kernel/core/index.ts';
import { mustHold, type Queries } from '../../kernel/db/index.ts';
import { callParticipants, calls, isOpenCall } from '../../calls/calls/calls.tables.ts';
import { accessFactColumns, selectMemberRole } from '../access/index.ts';
import { roomPeople, rooms } from '../rooms/rooms.tables.ts';

/** A call with its room, whatever has become of both. */
export function selectCallWithRoom(q: Queries, organizationId: string, callId: string) {
  return q
    .select({ call: calls, room: rooms })
    .from(calls)
    .innerJoin(rooms, eq(rooms.id, calls.roomId))
    .where(and(eq(calls.id, callId), eq(calls.organizationId, organizationId)));
}

/** A room, also a deleted one. */
export function selectRoomOrDeleted(q: Queries, organizationId: string, roomId: string) {
  return q
    .select()
    .from(rooms)
    .where(and(eq(rooms.id, roomId), eq(rooms.organizationId, organizationId)));
}

/** Where somebody may be who is no active member any more: calls that are open, or that they had a place in since. */
export function selectFormerMemberCalls(q: Queries, organizationId: string, userId: string, since: Date) {
  const { roomId, id: callId, cluster } = calls;
  return q
    .select({ roomId, callId, cluster, isOpen: sql<boolean>`${isOpenCall}` })
    .from(callParticipants)
    .innerJoin(calls, eq(calls.id, callParticipants.callId))
    .where(
      and(
        eq(callParticipants.organizationId, organizationId),
        eq(callParticipants.userId, userId),
        or(isOpenCall, gt(callParticipants.seatSince, since)),
        notExists(selectMemberRole(q, organizationId, userId)),
      ),
    );
}

/**
 * The places of a person in calls that are open, or that they had since, the newest first: each with its room, what that
 * knows of them, and their role in the organization by now.
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
    .leftJoin(
      roomPeople,
      and(eq(roomPeople.roomId, rooms.id), eq(roomPeople.identity, callParticipants.identity)),
    )
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

/** The commit fails when somebody has a role of their own in the room by now. */
export function mustHaveNoRole(q: Queries, roomId: string, identity: string) {
  const own = q
    .select({ role: roomPeople.role })
    .from(roomPeople)
    .where(and(eq(roomPeople.roomId, roomId), eq(roomPeople.identity, identity), isNotNull(roomPeople.role)));
  return mustHold(q, sql`not exists (${own})`, requestErrors.stale);
}

const endsAt = sql<Date>`${calls.startedAt} + ${rooms.maxDurationSeconds} * interval '1 second'`;

/** Calls that reach their room's longest duration within the time, in the order of their ends. */
export function selectCallsEndingSoon(q: Queries, from: Date, to: Date, limit: number) {
  return q
    .select({
      callId: calls.id,
      roomId: rooms.id,
      startedAt: calls.startedAt,
      maxDurationSeconds: rooms.maxDurationSeconds,
    })
    .from(calls)
    .innerJoin(rooms, eq(rooms.id, calls.roomId))
    .where(
      and(
        eq(calls.status, 'active'),
        isNotNull(rooms.maxDurationSeconds),
        sql`${endsAt} > ${from.toISOString()}::timestamptz`,
        sql`${endsAt} <= ${to.toISOString()}::timestamptz`,
      ),
    )
    .orderBy(endsAt)
    .limit(limit);
}
