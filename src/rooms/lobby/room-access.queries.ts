import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Queries } from '../../kernel/db/index.ts';
import { calls, isOpenCall } from '../../calls/calls/calls.tables.ts';
import { hasBeenInRoom } from '../../calls/calls/index.ts';
import { memberRoleExpression, isInActiveOrganization } from '../rooms/index.ts';
import { roomPeople, rooms } from '../rooms/rooms.tables.ts';

const openCall = and(eq(calls.roomId, rooms.id), isOpenCall);

/**
 * A room with its open call and what it knows of an identity, in one row; of a guest also whether they were ever in, of a
 * person their role in the organization by now.
 */
export function selectRoomAccess(q: Queries, organizationId: string, roomId: string, identity: string) {
  return q
    .select({
      room: rooms,
      person: roomPeople,
      call: calls,
      memberRole: memberRoleExpression(q, organizationId, identity),
      wasIn: identity.startsWith('gst_') ? hasBeenInRoom(roomId, identity) : sql<boolean>`true`,
    })
    .from(rooms)
    .leftJoin(roomPeople, and(eq(roomPeople.roomId, rooms.id), eq(roomPeople.identity, identity)))
    .leftJoin(calls, openCall)
    .where(
      and(
        eq(rooms.id, roomId),
        eq(rooms.organizationId, organizationId),
        isNull(rooms.deletedAt),
        isInActiveOrganization,
      ),
    );
}
