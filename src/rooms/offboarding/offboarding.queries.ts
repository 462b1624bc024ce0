import { and, asc, eq, exists, gt, isNotNull, isNull, or, sql } from 'drizzle-orm';
import { members } from '../../identity/members/members.tables.ts';
import type { Queries } from '../../kernel/db/index.ts';
import { lobbyEntries } from '../lobby/lobby.tables.ts';
import { callParticipants, calls, isOpenCall } from '../../calls/calls/calls.tables.ts';
import { roomMoves } from '../moves/moves.tables.ts';
import { rooms } from '../rooms/rooms.tables.ts';

/**
 * A page of the rooms in which somebody may be connected, with their open calls, in the order of their ids: rooms with
 * an open call, and those for which somebody got a ticket after `since`.
 */
export function selectRoomsInUse(
  q: Queries,
  organizationId: string,
  since: Date,
  after: string | null,
  limit: number,
) {
  const one = { one: sql`1` };
  const seats = q
    .select(one)
    .from(callParticipants)
    .innerJoin(calls, eq(calls.id, callParticipants.callId))
    .where(and(eq(calls.roomId, rooms.id), gt(callParticipants.seatSince, since)));
  const waiting = q
    .select(one)
    .from(lobbyEntries)
    .where(and(eq(lobbyEntries.roomId, rooms.id), gt(lobbyEntries.expiresAt, since)));
  const moved = q
    .select(one)
    .from(roomMoves)
    .where(and(eq(roomMoves.roomId, rooms.id), gt(roomMoves.movedAt, since)));
  const openCall = { id: calls.id, organizationId: calls.organizationId, roomId: calls.roomId };
  return q
    .select({ roomId: rooms.id, call: openCall })
    .from(rooms)
    .leftJoin(calls, and(eq(calls.roomId, rooms.id), isOpenCall))
    .where(
      and(
        eq(rooms.organizationId, organizationId),
        after === null ? undefined : gt(rooms.id, after),
        or(isNotNull(calls.id), exists(seats), exists(waiting), exists(moved)),
      ),
    )
    .orderBy(asc(rooms.id))
    .limit(limit);
}

/** A page of the rooms that were not deleted before their organization, in the order of their ids. */
export function selectRoomIds(q: Queries, organizationId: string, after: string | null, limit: number) {
  return q
    .select({ roomId: rooms.id })
    .from(rooms)
    .where(
      and(
        eq(rooms.organizationId, organizationId),
        isNull(rooms.deletedAt),
        after === null ? undefined : gt(rooms.id, after),
      ),
    )
    .orderBy(asc(rooms.id))
    .limit(limit);
}

/** A page of the organization's members of any status, in the order of their ids. */
export function selectMemberIds(q: Queries, organizationId: string, after: string | null, limit: number) {
  return q
    .select({ userId: members.userId })
    .from(members)
    .where(
      and(eq(members.organizationId, organizationId), after === null ? undefined : gt(members.userId, after)),
    )
    .orderBy(asc(members.userId))
    .limit(limit);
}
