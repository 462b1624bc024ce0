import { and, asc, eq, inArray, isNull, or, type SQL, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { calls, isOpenCall } from '../../calls/calls/calls.tables.ts';
import { hasBeenInRoom } from '../../calls/calls/index.ts';
import { members } from '../../identity/members/members.tables.ts';
import type { Queries } from '../../kernel/db/index.ts';
import { currentPersonColumns, currentRoleOf, isInActiveOrganization } from '../rooms/index.ts';
import { roomPeople, rooms } from '../rooms/rooms.tables.ts';
import type { RoomAccessKey } from './access.rules.ts';
import { isShownTo } from './visibility.queries.ts';

/** The role of a user in the organization; no row unless they are an active member. */
export function selectMemberRole(q: Queries, organizationId: string | PgColumn, userId: string | PgColumn) {
  return q
    .select({ role: members.role })
    .from(members)
    .where(
      and(
        eq(members.organizationId, organizationId),
        eq(members.userId, userId),
        eq(members.status, 'active'),
      ),
    );
}

/** The columns of `RoomAccessFacts`, for a select that joins `room_people` by `isPersonOf`. */
export const accessFactColumns = (q: Queries, organizationId: string | PgColumn, identity: string) => ({
  person: currentPersonColumns(),
  memberRole: sql<string | null>`(${selectMemberRole(q, organizationId, identity)})`,
});

/** Joins what a room stores about one identity. */
export const isPersonOf = (identity: string): SQL =>
  and(eq(roomPeople.roomId, rooms.id), eq(roomPeople.identity, identity))!;

/** Whether the link by which the person came is for one call of the room, and that call is over. */
const isLinkCallOver = sql`exists (select from links l
  where l.id = ${roomPeople.linkId} and l.room_id = ${rooms.id} and l.call_id is not null
    and l.call_id is distinct from ${calls.id})`;

/** Whether a guest may act in the room: they had a seat in it, and their link is not for a call that is over. */
const isAdmittedGuest = (roomId: string, identity: string) =>
  sql<boolean>`(${hasBeenInRoom(roomId, identity)} and not ${isLinkCallOver})`;

/** A room with its open call and what is stored about an identity, as one row; see `roomAccessOf`. */
export function selectRoomAccess(
  q: Queries,
  organizationId: string,
  { roomId, identity, viewer, alsoDeleted }: RoomAccessKey,
) {
  return q
    .select({
      room: rooms,
      call: calls,
      ...accessFactColumns(q, organizationId, identity),
      isAdmitted: identity.startsWith('gst_') ? isAdmittedGuest(roomId, identity) : sql<boolean>`true`,
      isVisible: sql<boolean>`${isShownTo(viewer) ?? sql`true`}`,
    })
    .from(rooms)
    .leftJoin(roomPeople, isPersonOf(identity))
    .leftJoin(calls, and(eq(calls.roomId, rooms.id), isOpenCall))
    .where(
      and(
        eq(rooms.id, roomId),
        eq(rooms.organizationId, organizationId),
        alsoDeleted ? undefined : isNull(rooms.deletedAt),
        isInActiveOrganization,
      ),
    );
}

/** Members who host or moderate a room: those with such a role in it, and its creator unless given another. */
export function selectModeratorIds(q: Queries, organizationId: string, roomId: string, limit: number) {
  const role = currentRoleOf(roomPeople);
  return q
    .select({ userId: members.userId })
    .from(members)
    .innerJoin(rooms, and(eq(rooms.id, roomId), eq(rooms.organizationId, members.organizationId)))
    .leftJoin(roomPeople, and(eq(roomPeople.roomId, rooms.id), eq(roomPeople.identity, members.userId)))
    .where(
      and(
        eq(members.organizationId, organizationId),
        eq(members.status, 'active'),
        isNull(roomPeople.removedAt),
        or(inArray(role, ['host', 'moderator']), and(isNull(role), eq(rooms.createdBy, members.userId))),
      ),
    )
    .orderBy(asc(members.userId))
    .limit(limit);
}
