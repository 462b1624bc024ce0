import {
  and,
  eq,
  getTableColumns,
  inArray,
  isNotNull,
  or,
  type SQLWrapper,
  sql,
  type Table,
} from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { callParticipants, calls, isOpenCall } from '../../calls/calls/calls.tables.ts';
import type { Queries } from '../../kernel/db/index.ts';
import type { RoomPerson } from './rooms.rules.ts';
import { roomPeople, rooms } from './rooms.tables.ts';

type NewRoomPersonRow = typeof roomPeople.$inferInsert;

/**
 * The role of a person that is in force at this moment (`room-role.sql`, in `rooms/access`): the stored one may be for a call
 * that is over.
 * @param person `room_people`, or an alias of it
 */
export const currentRoleOf = (person: Table) => sql<RoomPerson['role']>`room_role(${person})`;

/** The columns of a `RoomPerson`, for a select of `room_people`. */
export function currentPersonColumns() {
  const { roleCallId: _call, ...columns } = getTableColumns(roomPeople);
  return { ...columns, role: currentRoleOf(roomPeople) };
}

/** What the room stores about one identity. */
export function selectRoomPerson(q: Queries, organizationId: string, roomId: string, identity: string) {
  return q
    .select()
    .from(roomPeople)
    .where(
      and(
        eq(roomPeople.roomId, roomId),
        eq(roomPeople.identity, identity),
        eq(roomPeople.organizationId, organizationId),
      ),
    );
}

/**
 * Rooms whose stored removal of an identity differs from another room's: only one of the two has it. Each comes with the
 * row of the other room.
 * @param targets a query of the ids of the rooms to compare
 */
export function selectRoomsWithOtherRemoval(
  q: Queries,
  organizationId: string,
  { source, targets }: { source: string; targets: SQLWrapper },
  identity: string,
) {
  const targetPeople = alias(roomPeople, 'target');
  return q
    .select({ roomId: rooms.id, person: roomPeople })
    .from(rooms)
    .innerJoin(roomPeople, and(eq(roomPeople.roomId, source), eq(roomPeople.identity, identity)))
    .leftJoin(targetPeople, and(eq(targetPeople.roomId, rooms.id), eq(targetPeople.identity, identity)))
    .where(
      and(
        eq(rooms.organizationId, organizationId),
        inArray(rooms.id, targets),
        sql`(${targetPeople.removedAt} is null) <> (${roomPeople.removedAt} is null)`,
      ),
    );
}

/**
 * Rooms in which people have another role than in `source`, each with the row of that room, and their seat in the open call.
 * @param targets a query of the ids of the rooms to compare
 */
export function selectRoomsWithOtherRole(
  q: Queries,
  organizationId: string,
  { source, targets }: { source: string; targets: SQLWrapper },
  identities: readonly string[],
) {
  const targetPeople = alias(roomPeople, 'target');
  const { id, role } = callParticipants;
  return q
    .select({
      roomId: rooms.id,
      person: roomPeople,
      seat: { id, organizationId: calls.organizationId, role },
    })
    .from(rooms)
    .innerJoin(roomPeople, and(eq(roomPeople.roomId, source), inArray(roomPeople.identity, [...identities])))
    .leftJoin(
      targetPeople,
      and(eq(targetPeople.roomId, rooms.id), eq(targetPeople.identity, roomPeople.identity)),
    )
    .leftJoin(calls, and(eq(calls.roomId, rooms.id), isOpenCall))
    .leftJoin(
      callParticipants,
      and(eq(callParticipants.callId, calls.id), eq(callParticipants.identity, roomPeople.identity)),
    )
    .where(
      and(
        eq(rooms.organizationId, organizationId),
        inArray(rooms.id, targets),
        isNotNull(roomPeople.role),
        sql`${targetPeople.role} is distinct from ${roomPeople.role}`,
      ),
    );
}

/**
 * Stores a role, a link or a removal of one identity, or clears it (null); fields that are not named stay. A role is for all
 * calls unless `roleCallId` names one.
 */
export function upsertRoomPerson(q: Queries, row: NewRoomPersonRow) {
  const { role, roleCallId = null, linkId, removedAt, excludesNetwork, changedBy, updatedAt } = row;
  return q
    .insert(roomPeople)
    .values(row)
    .onConflictDoUpdate({
      target: [roomPeople.roomId, roomPeople.identity],
      set: {
        changedBy,
        updatedAt,
        ...(role === undefined ? {} : { role, roleCallId }),
        ...(linkId === undefined ? {} : { linkId }),
        ...(removedAt === undefined ? {} : { removedAt }),
        ...(excludesNetwork === undefined ? {} : { excludesNetwork }),
      },
    });
}

/** Stores roles of many people; people who already have a row in the room have it changed, or keep it. */
export function upsertRoomRoles(
  q: Queries,
  rows: (NewRoomPersonRow & Required<Pick<NewRoomPersonRow, 'role'>>)[],
  existingRoles: 'change' | 'keep',
) {
  const insert = q.insert(roomPeople).values(rows);
  if (existingRoles === 'keep') return insert.onConflictDoNothing();
  return insert.onConflictDoUpdate({
    target: [roomPeople.roomId, roomPeople.identity],
    set: {
      role: sql`excluded.role`,
      roleCallId: null,
      changedBy: sql`excluded.changed_by`,
      updatedAt: sql`excluded.updated_at`,
    },
  });
}

/** Copies to new rooms what another room stores about its moderators and about people it removed. */
export function copyRoomPeople(
  q: Queries,
  organizationId: string,
  { from, to, at }: { from: string; to: readonly string[]; at: Date },
) {
  const { identity, userId, role, roleCallId, linkId, removedAt, excludesNetwork, changedBy } = roomPeople;
  const targetRooms = alias(rooms, 'target');
  const updatedAt = sql<Date>`${at.toISOString()}::timestamptz`.as('updated_at');
  const given = { role, roleCallId, linkId, removedAt, excludesNetwork };
  const copiedColumns = { identity, userId, ...given, changedBy, updatedAt };
  const copies = q
    .select({ organizationId: roomPeople.organizationId, roomId: targetRooms.id, ...copiedColumns })
    .from(roomPeople)
    .innerJoin(targetRooms, inArray(targetRooms.id, [...to]))
    .where(
      and(
        eq(roomPeople.roomId, from),
        eq(roomPeople.organizationId, organizationId),
        or(inArray(role, ['host', 'moderator']), isNotNull(removedAt)),
      ),
    );
  return q.insert(roomPeople).select(copies);
}

/** Deletes what rooms store about people. @param roomIdentityPairs a query of rooms' ids and identities */
export function deleteRoomPeople(q: Queries, roomIdentityPairs: SQLWrapper) {
  const { roomId, identity } = roomPeople;
  return q
    .delete(roomPeople)
    .where(sql`(${roomId}, ${identity}) in ${roomIdentityPairs}`)
    .returning({ identity });
}
