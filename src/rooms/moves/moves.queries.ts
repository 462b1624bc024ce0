import { and, eq, getTableColumns, gte, inArray, isNotNull, lt, lte, or, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { ReportedConnection } from '../../calls/connections/index.ts';
import type { Queries } from '../../kernel/db/index.ts';
import { callParticipants, calls, isOpenCall } from '../../calls/calls/calls.tables.ts';
import { links } from '../links/links.tables.ts';
import { currentRoleOf } from '../rooms/index.ts';
import { roomPeople, rooms } from '../rooms/rooms.tables.ts';
import { roomMoves } from './moves.tables.ts';

type NewMove = typeof roomMoves.$inferInsert;

const { enableRecording, enableScreenShare, enableChat } = links;
const switches = { enableRecording, enableScreenShare, enableChat };
const here = alias(roomPeople, 'here');
const there = alias(roomPeople, 'there');
const destinationPerson = { ...getTableColumns(there), role: currentRoleOf(there) };

/** A participant of a call of one room, with what both rooms store about them. */
export function selectParticipantToMove(
  q: Queries,
  organizationId: string,
  roomId: string,
  participantId: string,
  toRoomId: string,
) {
  return q
    .select({
      participant: callParticipants,
      person: here,
      there: destinationPerson,
      switches,
    })
    .from(callParticipants)
    .innerJoin(calls, eq(calls.id, callParticipants.callId))
    .leftJoin(here, and(eq(here.roomId, calls.roomId), eq(here.identity, callParticipants.identity)))
    .leftJoin(there, and(eq(there.roomId, toRoomId), eq(there.identity, callParticipants.identity)))
    .leftJoin(links, eq(links.id, here.linkId))
    .where(
      and(
        eq(callParticipants.id, participantId),
        eq(callParticipants.organizationId, organizationId),
        eq(calls.roomId, roomId),
      ),
    );
}

/** The moves of these people to a room, with the open call of the room that they left and their last seat in it. */
export function selectMoves(
  q: Queries,
  organizationId: string,
  toRoomId: string,
  identities: readonly string[],
) {
  return q
    .select({ move: roomMoves, to: rooms, switches, fromCall: calls, seatSince: callParticipants.seatSince })
    .from(roomMoves)
    .innerJoin(rooms, eq(rooms.id, roomMoves.roomId))
    .leftJoin(links, eq(links.id, roomMoves.linkId))
    .leftJoin(calls, and(eq(calls.roomId, roomMoves.fromRoomId), isOpenCall))
    .leftJoin(
      callParticipants,
      and(eq(callParticipants.callId, calls.id), eq(callParticipants.identity, roomMoves.identity)),
    )
    .where(
      and(
        eq(roomMoves.roomId, toRoomId),
        eq(roomMoves.organizationId, organizationId),
        inArray(roomMoves.identity, [...identities]),
      ),
    );
}

/**
 * Finds participants who were moved away since they got their last token, and who have entered the other room or could have
 * followed for a while.
 */
export function selectMovedAway(
  q: Queries,
  connections: readonly ReportedConnection[],
  followedBefore: Date,
) {
  const isOneOf = connections.map(({ callId, identity }) =>
    and(eq(callParticipants.callId, callId), eq(callParticipants.identity, identity)),
  );
  return q
    .selectDistinct({ callId: calls.id, identity: callParticipants.identity, cluster: calls.cluster })
    .from(callParticipants)
    .innerJoin(calls, eq(calls.id, callParticipants.callId))
    .innerJoin(
      roomMoves,
      and(eq(roomMoves.fromRoomId, calls.roomId), eq(roomMoves.identity, callParticipants.identity)),
    )
    .where(
      and(
        or(...isOneOf),
        gte(roomMoves.movedAt, callParticipants.seatSince),
        or(isNotNull(roomMoves.enteredAt), lte(roomMoves.movedAt, followedBefore)),
      ),
    );
}

/** Stores moves; a later move of the same person to the same room replaces an earlier one. */
export function upsertMoves(q: Queries, rows: NewMove[]) {
  return q
    .insert(roomMoves)
    .values(rows)
    .onConflictDoUpdate({
      target: [roomMoves.roomId, roomMoves.identity],
      set: {
        fromRoomId: sql`excluded.from_room_id`,
        linkId: sql`excluded.link_id`,
        name: sql`excluded.name`,
        role: sql`excluded.role`,
        movedBy: sql`excluded.moved_by`,
        movedAt: sql`excluded.moved_at`,
        expiresAt: sql`excluded.expires_at`,
        enteredAt: null,
      },
    });
}

export function markEntered(
  q: Queries,
  { organizationId, roomId, identity }: Pick<NewMove, 'organizationId' | 'roomId' | 'identity'>,
  now: Date,
) {
  return q
    .update(roomMoves)
    .set({ enteredAt: now })
    .where(
      and(
        eq(roomMoves.organizationId, organizationId),
        eq(roomMoves.roomId, roomId),
        eq(roomMoves.identity, identity),
      ),
    );
}

/** Deletes moves that expired before then, at most `limit`. */
export function deleteExpiredMoves(q: Queries, before: Date, limit: number) {
  const expiredMoves = q
    .select({ roomId: roomMoves.roomId, identity: roomMoves.identity })
    .from(roomMoves)
    .where(lt(roomMoves.expiresAt, before))
    .limit(limit);
  return q
    .delete(roomMoves)
    .where(sql`(${roomMoves.roomId}, ${roomMoves.identity}) in ${expiredMoves}`)
    .returning({ identity: roomMoves.identity });
}
