import { and, eq, isNull, type SQL, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { type Queries, changeVersioned } from '../../kernel/db/index.ts';
import { calls, isOpenCall } from '../../calls/calls/calls.tables.ts';
import { updateOpenCallLimits } from '../../calls/calls/index.ts';
import { holdLimit, holdSize } from '../../identity/entitlements/index.ts';
import { organizations } from '../../identity/organizations/organizations.tables.ts';
import type { Room } from './rooms.rules.ts';
import { rooms } from './rooms.tables.ts';

type NewRoomRow = typeof rooms.$inferInsert;

const openCall = and(eq(calls.roomId, rooms.id), isOpenCall);

const isRoom = (organizationId: string, roomId: string) =>
  and(eq(rooms.id, roomId), eq(rooms.organizationId, organizationId), isNull(rooms.deletedAt));

/** Whether the room's organization is active, as a condition: nobody enters a room of a deleted organization. */
export const isInActiveOrganization: SQL = sql`exists (select from ${organizations}
  where ${organizations.id} = ${rooms.organizationId} and ${organizations.deletedAt} is null)`;

/** A room, for those who act as the system. */
export function selectRoom(q: Queries, organizationId: string, roomId: string) {
  return q
    .select({ room: rooms, callId: calls.id })
    .from(rooms)
    .leftJoin(calls, openCall)
    .where(isRoom(organizationId, roomId));
}

/**
 * The room's limits of a call, as expressions for its row. The lock makes a change of the room that commits at the same
 * moment wait for a new call, and then change it too. While the room is divided into groups nobody is alone in its call:
 * the others come back.
 */
export function callLimitsOf(roomId: string) {
  const read = (value: PgColumn | SQL) =>
    sql`(select ${value} from ${rooms} where ${rooms.id} = ${roomId} for share)`;
  const isDivided = sql`exists (select from ${rooms} as groups
    where groups.parent_room_id = ${rooms.id} and groups.status = 'open' and groups.deleted_at is null)`;
  return {
    emptyTimeoutSeconds: read(rooms.emptyTimeoutSeconds),
    maxDurationSeconds: read(rooms.maxDurationSeconds),
    aloneTimeoutSeconds: read(sql`case when ${isDivided} then null else ${rooms.aloneTimeoutSeconds} end`),
  };
}

/**
 * Gives the room's open call the limits of the room, for a commit that changed what they follow from.
 * @param changed `aloneFrom`: when the limit for being alone begins to count
 */
export const syncCallLimits = (
  q: Queries,
  { organizationId, id }: { organizationId: string; id: string },
  changed: { aloneFrom?: Date } = {},
) => updateOpenCallLimits(q, organizationId, id, { ...callLimitsOf(id), ...changed });

/** A room of an active organization, with its open call. */
export function selectRoomAndOpenCall(q: Queries, organizationId: string, roomId: string) {
  return q
    .select({ room: rooms, call: calls })
    .from(rooms)
    .leftJoin(calls, openCall)
    .where(and(isRoom(organizationId, roomId), isInActiveOrganization));
}

export function insertRooms(q: Queries, rows: NewRoomRow[]) {
  return q.insert(rooms).values(rows);
}

/** Fails the commit with `billing.limit_reached` when the plan allows no room of this capacity. */
export const holdRoomCapacity = (
  q: Queries,
  { organizationId, now, capacity }: { organizationId: string; now: Date; capacity: number },
) => holdSize(q, { organizationId, now, limit: 'room_capacity', size: capacity });

/** Fails the commit with `billing.limit_reached` when it adds more rooms than the plan allows, or one that is too large. */
export const holdRooms = (
  q: Queries,
  {
    organizationId,
    now,
    added,
    capacity,
  }: { organizationId: string; now: Date; added: number; capacity: number },
) => [
  holdRoomCapacity(q, { organizationId, now, capacity }),
  ...holdLimit(q, {
    organizationId,
    now,
    added,
    limit: 'rooms',
    rows: sql`select from ${rooms} where ${rooms.organizationId} = ${organizationId} and ${rooms.deletedAt} is null
      and ${rooms.parentRoomId} is null and not ${rooms.direct}`,
  }),
];

/**
 * Says at which cluster the calls of a room take place from the next one on. Needs no version: nothing else writes the column.
 * @param cluster its name; null for the one near the first participant
 */
export const placeCallsAt = (
  q: Queries,
  organizationId: string,
  roomId: string,
  cluster: SQL<string | null>,
) =>
  q
    .update(rooms)
    .set({ cluster })
    .where(and(eq(rooms.organizationId, organizationId), eq(rooms.id, roomId)));

/** Changes the row if it still has the version that was read; otherwise the commit fails with `request.stale`. */
export function updateRoomRow(
  q: Queries,
  row: Pick<Room, 'id' | 'organizationId' | 'version'>,
  set: Partial<NewRoomRow>,
) {
  return changeVersioned(q, rooms, row, set, { condition: isNull(rooms.deletedAt) });
}
