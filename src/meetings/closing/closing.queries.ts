import { and, eq, gt, inArray, isNotNull, notExists, or, sql } from 'drizzle-orm';
import { members } from '../../identity/members/members.tables.ts';
import type { Queries } from '../../platform/db/index.ts';
import { callParticipants, calls } from '../calls/calls.tables.ts';
import { rooms } from '../rooms/rooms.tables.ts';

/** A call with its room, whatever has become of both. */
export function findCallAndRoom(q: Queries, organizationId: string, callId: string) {
  return q
    .select({ call: calls, room: rooms })
    .from(calls)
    .innerJoin(rooms, eq(rooms.id, calls.roomId))
    .where(and(eq(calls.id, callId), eq(calls.organizationId, organizationId)));
}

/** A room, also a deleted one. */
export function findAnyRoom(q: Queries, organizationId: string, roomId: string) {
  return q
    .select()
    .from(rooms)
    .where(and(eq(rooms.id, roomId), eq(rooms.organizationId, organizationId)));
}

/** Where somebody may be who is no active member any more: calls that are open, or that they had a place in since. */
export function findWhereabouts(q: Queries, organizationId: string, userId: string, since: Date) {
  const isOpen = inArray(calls.status, ['waiting', 'active']);
  const { roomId, id: callId, cluster } = calls;
  const membership = q
    .select({ id: members.id })
    .from(members)
    .where(
      and(
        eq(members.organizationId, organizationId),
        eq(members.userId, userId),
        eq(members.status, 'active'),
      ),
    );
  return q
    .select({ roomId, callId, cluster, isOpen: sql<boolean>`${isOpen}` })
    .from(callParticipants)
    .innerJoin(calls, eq(calls.id, callParticipants.callId))
    .where(
      and(
        eq(callParticipants.organizationId, organizationId),
        eq(callParticipants.userId, userId),
        or(isOpen, gt(callParticipants.seatSince, since)),
        notExists(membership),
      ),
    );
}

const endsAt = sql<Date>`${calls.startedAt} + ${rooms.maxDurationSeconds} * interval '1 second'`;

/** Calls that reach their room's longest duration within the time, in the order of their ends. */
export function listEndingSoon(q: Queries, from: Date, to: Date, limit: number) {
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
