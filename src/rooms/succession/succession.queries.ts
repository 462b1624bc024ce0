import {
  and,
  asc,
  eq,
  exists,
  gt,
  inArray,
  isNotNull,
  isNull,
  ne,
  not,
  or,
  type SQL,
  sql,
} from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { callParticipants, calls, isOpenCall } from '../../calls/calls/calls.tables.ts';
import { members } from '../../identity/members/members.tables.ts';
import { requestErrors } from '../../kernel/core/index.ts';
import { mustHold, type Queries } from '../../kernel/db/index.ts';
import { currentRoleOf } from '../rooms/index.ts';
import { roomPeople, rooms } from '../rooms/rooms.tables.ts';

/** Moderators who have left are awaited for so long: their connection may have broken. */
const ABSENCE_MS = 60_000;

const one = { one: sql`1` };

/** The condition that a moderator of the call of `calls` matches; with `now`, one who is there or may be back. */
function hasModerator(q: Queries, now?: Date): SQL {
  const moderators = alias(callParticipants, 'moderators');
  const isThere = (at: Date) =>
    or(
      eq(moderators.status, 'connected'),
      gt(moderators.leftAt, new Date(at.getTime() - ABSENCE_MS)),
      gt(moderators.seatUntil, at),
    );
  return exists(
    q
      .select(one)
      .from(moderators)
      .where(
        and(
          eq(moderators.callId, calls.id),
          inArray(moderators.role, ['host', 'moderator']),
          now ? isThere(now) : isNotNull(moderators.joinedAt),
        ),
      ),
  );
}

/** The condition that a moderator is in a breakout room of the room: they come back. */
function hasModeratorInGroup(q: Queries): SQL {
  const groups = alias(rooms, 'groups');
  const groupCalls = alias(calls, 'group_calls');
  const visitors = alias(callParticipants, 'visitors');
  return exists(
    q
      .select(one)
      .from(groups)
      .innerJoin(groupCalls, and(eq(groupCalls.roomId, groups.id), eq(groupCalls.status, 'active')))
      .innerJoin(visitors, eq(visitors.callId, groupCalls.id))
      .where(
        and(
          eq(groups.parentRoomId, rooms.id),
          eq(visitors.status, 'connected'),
          inArray(visitors.role, ['host', 'moderator']),
        ),
      ),
  );
}

/**
 * People who can become the moderator of their call, because its moderators have left: connected participants with an active
 * membership and without a role that was given to them in the room; in the order of their arrival.
 */
function selectCandidates(q: Queries) {
  const { id, organizationId, callId, identity, userId, name, role } = callParticipants;
  return q
    .select({
      id,
      organizationId,
      callId,
      identity,
      userId,
      name,
      role,
      roomId: calls.roomId,
    })
    .from(calls)
    .innerJoin(rooms, eq(rooms.id, calls.roomId))
    .innerJoin(callParticipants, eq(callParticipants.callId, calls.id))
    .innerJoin(
      members,
      and(
        eq(members.organizationId, calls.organizationId),
        eq(members.userId, callParticipants.identity),
        eq(members.status, 'active'),
      ),
    )
    .leftJoin(
      roomPeople,
      and(eq(roomPeople.roomId, rooms.id), eq(roomPeople.identity, callParticipants.identity)),
    )
    .orderBy(calls.id, asc(callParticipants.joinedAt), asc(callParticipants.id))
    .$dynamic();
}

const isSuccessor = (q: Queries, now: Date) =>
  and(
    isOpenCall,
    ne(rooms.type, 'one_to_one'),
    isNull(rooms.parentRoomId),
    isNull(rooms.deletedAt),
    eq(callParticipants.kind, 'user'),
    eq(callParticipants.status, 'connected'),
    eq(callParticipants.role, 'participant'),
    isNull(roomPeople.removedAt),
    or(isNull(roomPeople.identity), isNull(currentRoleOf(roomPeople))),
    hasModerator(q),
    not(hasModerator(q, now)),
    not(hasModeratorInGroup(q)),
  );

/** Candidates in the calls of all organizations whose moderators have left, by call; the first of each call follows. */
export const selectSuccessors = (q: Queries, now: Date, limit: number) =>
  selectCandidates(q).where(isSuccessor(q, now)).limit(limit);

export type Successor = Awaited<ReturnType<typeof selectSuccessors>>[number];

/** Fails the commit with `request.stale` when a moderator is back, or the successor has left or was given a role. */
export function mustBeSuccessor(q: Queries, { id }: Pick<Successor, 'id'>, now: Date) {
  const successor = selectCandidates(q).where(and(eq(callParticipants.id, id), isSuccessor(q, now)));
  return mustHold(q, exists(successor), requestErrors.stale);
}
