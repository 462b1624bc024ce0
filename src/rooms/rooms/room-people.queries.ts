import { and, eq, inArray, isNotNull, or, type SQLWrapper, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { Queries } from '../../kernel/db/index.ts';
import { roomPeople, rooms } from './rooms.tables.ts';

type NewRoomPersonRow = typeof roomPeople.$inferInsert;

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

/** Stores a role, a link or a removal of one identity, or clears it (null); fields that are not named stay. */
export function upsertRoomPerson(q: Queries, row: NewRoomPersonRow) {
  const { role, linkId, removedAt, excludesNetwork, changedBy, updatedAt } = row;
  return q
    .insert(roomPeople)
    .values(row)
    .onConflictDoUpdate({
      target: [roomPeople.roomId, roomPeople.identity],
      set: {
        changedBy,
        updatedAt,
        ...(role === undefined ? {} : { role }),
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
  const { identity, userId, role, linkId, removedAt, excludesNetwork, changedBy } = roomPeople;
  const targetRooms = alias(rooms, 'target');
  const updatedAt = sql<Date>`${at.toISOString()}::timestamptz`.as('updated_at');
  const copiedColumns = { identity, userId, role, linkId, removedAt, excludesNetwork, changedBy, updatedAt };
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
