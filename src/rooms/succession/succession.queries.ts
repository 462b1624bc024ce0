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
import { alias, type PgColumn } from 'drizzle-orm/pg-core';
import { callParticipants, calls, isOpenCall } from '../../calls/calls/calls.tables.ts';
import { ROLES } from '../../identity/access/index.ts';
import { members } from '../../identity/members/members.tables.ts';
import { requestErrors } from '../../kernel/core/index.ts';
import { mustHold, type Queries } from '../../kernel/db/index.ts';
import { isAdministratorRole } from '../access/index.ts';
import { currentRoleOf } from '../rooms/index.ts';
import { roomPeople, rooms } from '../rooms/rooms.tables.ts';

/** Moderators who have left are awaited for so long: their connection may have broken. */
const ABSENCE_MS = 60_000;

const one = { one: sql`1` };

type Presence = Record<'status' | 'leftAt' | 'seatUntil', PgColumn>;

/** The condition that a participant is there, or may be back. */
const isThere = ({ status, leftAt, seatUntil }: Presence, now: Date): SQL | undefined =>
  or(eq(status, 'connected'), gt(leftAt, new Date(now.getTime() - ABSENCE_MS)), gt(seatUntil, now));

/** The condition that a moderator of the call of `calls` matches; with `now`, one who is there or may be back. */
function hasModerator(q: Queries, now?: Date): SQL {
  const moderators = alias(callParticipants, 'moderators');
  return exists(
    q
      .select(one)
      .from(moderators)
      .where(
        and(
          eq(moderators.callId, calls.id),
          inArray(moderators.role, ['host', 'moderator']),
          now ? isThere(moderators, now) : isNotNull(moderators.joinedAt),
        ),
      ),
  );
}

/** The condition that a moderator is in a breakout room of the room, or may be back there: they return to the room. */
function hasModeratorInGroup(q: Queries, now: Date): SQL {
  const groups = alias(rooms, 'groups');
  const groupCalls = alias(calls, 'group_calls');
  const visitors = alias(callParticipants, 'visitors');
  return exists(
    q
      .select(one)
      .from(groups)
      .innerJoin(
        groupCalls,
        and(eq(groupCalls.roomId, groups.id), inArray(groupCalls.status, ['waiting', 'active'])),
      )
      .innerJoin(visitors, eq(visitors.callId, groupCalls.id))
      .where(
        and(
          eq(groups.parentRoomId, rooms.id),
          isThere(visitors, now),
          inArray(visitors.role, ['host', 'moderator']),
        ),
      ),
  );
}

/**
 * People who can become the moderator of their call, because its moderators have left: connected participants with an active
 * membership and without a role that was given to them in the room; of each call, the one who has been there for longest.
 */
function selectCandidates(q: Queries) {
  const { id, organizationId, callId, identity, userId, name, role } = callParticipants;
  return q
    .selectDistinctOn([calls.id], {
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

/** Roles in the organization whose members host every room. */
const ADMINISTRATOR_ROLES = ROLES.filter(isAdministratorRole);

/**
 * The condition that somebody joined in a lower role than their own, which moderates: they can take it up at any time, and
 * the role of a successor would lower it.
 */
const hasModeratingRole = (): SQL =>
  or(
    eq(rooms.createdBy, callParticipants.identity),
    inArray(members.role, ADMINISTRATOR_ROLES),
    sql`${rooms.defaultRoles} ->> 'member' in ('host', 'moderator')`,
  )!;

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
    not(hasModeratorInGroup(q, now)),
    not(hasModeratingRole()),
  );

/** The successor in each call, of all organizations, whose moderators have left. */
export const selectSuccessors = (q: Queries, now: Date, limit: number) =>
  selectCandidates(q).where(isSuccessor(q, now)).limit(limit);

export type Successor = Awaited<ReturnType<typeof selectSuccessors>>[number];

/** Fails the commit with `request.stale` when a moderator is back, or the successor has left or was given a role. */
export function mustBeSuccessor(q: Queries, { id }: Pick<Successor, 'id'>, now: Date) {
  const successor = selectCandidates(q).where(and(eq(callParticipants.id, id), isSuccessor(q, now)));
  return mustHold(q, exists(successor), requestErrors.stale);
}
