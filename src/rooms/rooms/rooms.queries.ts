import { and, arrayContains, eq, isNull, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import type { PageRange } from '../../kernel/core/index.ts';
import { type Queries, inOrder, isInRange, changeVersioned } from '../../kernel/db/index.ts';
import { calls, isOpenCall } from '../../calls/calls/calls.tables.ts';
import type { Room } from './rooms.rules.ts';
import type { ListRooms } from './rooms.schemas.ts';
import { rooms } from './rooms.tables.ts';
import { isInActiveOrganization, visibleTo } from './visibility.queries.ts';

type NewRoomRow = typeof rooms.$inferInsert;

const openCall = and(eq(calls.roomId, rooms.id), isOpenCall);

const isRoom = (organizationId: string, roomId: string) =>
  and(eq(rooms.id, roomId), eq(rooms.organizationId, organizationId), isNull(rooms.deletedAt));

/** @param viewer to whom the room must show; null for somebody who sees all rooms */
export function selectRoom(q: Queries, organizationId: string, roomId: string, viewer: string | null = null) {
  return q
    .select({ room: rooms, callId: calls.id })
    .from(rooms)
    .leftJoin(calls, openCall)
    .where(and(isRoom(organizationId, roomId), visibleTo(viewer)));
}

/**
 * The room's limits of a call, as expressions for the row of a new one. The lock makes a change of the room that commits
 * at the same moment wait for the call, and then change it too.
 */
export function callLimitsOf(roomId: string) {
  const read = (column: PgColumn) =>
    sql`(select ${column} from ${rooms} where ${rooms.id} = ${roomId} for share)`;
  return {
    emptyTimeoutSeconds: read(rooms.emptyTimeoutSeconds),
    maxDurationSeconds: read(rooms.maxDurationSeconds),
  };
}

/** A room of an active organization, with its open call. */
export function selectRoomAndOpenCall(q: Queries, organizationId: string, roomId: string) {
  return q
    .select({ room: rooms, call: calls })
    .from(rooms)
    .leftJoin(calls, openCall)
    .where(and(isRoom(organizationId, roomId), isInActiveOrganization));
}

/** A page of the rooms that show to the viewer, with one row more than the limit. */
export function selectRooms(
  q: Queries,
  organizationId: string,
  { status, type, tag, live }: ListRooms,
  { range, viewer }: { range: PageRange; viewer: string | null },
) {
  return q
    .select({ room: rooms, callId: calls.id })
    .from(rooms)
    .leftJoin(calls, openCall)
    .where(
      and(
        eq(rooms.organizationId, organizationId),
        isNull(rooms.deletedAt),
        status && eq(rooms.status, status),
        type && eq(rooms.type, type),
        tag === undefined ? undefined : arrayContains(rooms.tags, [tag]),
        live === undefined ? undefined : live ? sql`${calls.id} is not null` : isNull(calls.id),
        isInRange(rooms.id, range),
        visibleTo(viewer),
      ),
    )
    .orderBy(inOrder(rooms.id, range))
    .limit(range.limit + 1);
}

export function insertRooms(q: Queries, rows: NewRoomRow[]) {
  return q.insert(rooms).values(rows);
}

/** Changes the row if it still has the version that was read; otherwise the commit fails with `request.stale`. */
export function updateRoomRow(
  q: Queries,
  row: Pick<Room, 'id' | 'organizationId' | 'version'>,
  set: Partial<NewRoomRow>,
) {
  return changeVersioned(q, rooms, row, set, { condition: isNull(rooms.deletedAt) });
}
