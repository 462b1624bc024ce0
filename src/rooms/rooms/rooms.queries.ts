import { and, arrayContains, asc, eq, gt, isNull, type SQL, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { organizations } from '../../identity/organizations/organizations.tables.ts';
import { members } from '../../identity/members/members.tables.ts';
import { requestErrors } from '../../kernel/core/index.ts';
import { mustChange, type Queries } from '../../kernel/db/index.ts';
import { calls, isOpenCall } from '../../calls/calls/calls.tables.ts';
import type { Room } from './rooms.rules.ts';
import type { ListRooms } from './rooms.schemas.ts';
import { roomPeople, rooms } from './rooms.tables.ts';

type NewRoomRow = typeof rooms.$inferInsert;
type NewRoomPersonRow = typeof roomPeople.$inferInsert;

const openCall = and(eq(calls.roomId, rooms.id), isOpenCall);

/**
 * Whether a person sees the room, as a condition: everybody sees all but direct rooms. Those are seen by the two they
 * were made for and by who was in one of their calls, not by who only waits there by a link; not while they block another
 * of them, unless they are in the call.
 * The door asks less: `room_door` keeps out who is a stranger to the room, and lets in who was rung.
 * @param viewer null for who sees all
 */
export function visibleTo(viewer: string | null): SQL | undefined {
  if (viewer === null) return undefined;
  const isBlocking = sql`exists (select from contacts b where b.organization_id = ${rooms.organizationId}
    and b.user_id = ${viewer} and b.blocked_at is not null and (b.contact_user_id = ${rooms.createdBy}
      or b.contact_user_id in (select o.user_id from room_people o where o.room_id = ${rooms.id})))`;
  const wasInCall = sql`exists (select from calls c join call_participants p on p.call_id = c.id
    where c.room_id = ${rooms.id} and p.identity = ${viewer}
      and (c.status in ('waiting', 'active') or not ${isBlocking}))`;
  const isIntendedFor = sql`(${rooms.createdBy} = ${viewer} or exists (select from room_people o
    where o.room_id = ${rooms.id} and o.identity = ${viewer}
      and (o.role is not null or o.link_id is null))) and not ${isBlocking}`;
  return sql`(not ${rooms.direct} or ${wasInCall} or ${isIntendedFor})`;
}

/** @param viewer who must see it; null for somebody who sees all */
export function selectRoom(q: Queries, organizationId: string, roomId: string, viewer: string | null = null) {
  return q
    .select({ room: rooms, callId: calls.id })
    .from(rooms)
    .leftJoin(calls, openCall)
    .where(
      and(
        eq(rooms.id, roomId),
        eq(rooms.organizationId, organizationId),
        isNull(rooms.deletedAt),
        visibleTo(viewer),
      ),
    );
}

/** Whether the room's organization is open, as a condition: in a deleted one nobody is let in anywhere. */
export const isInActiveOrganization: SQL = sql`exists (select from ${organizations}
  where ${organizations.id} = ${rooms.organizationId} and ${organizations.deletedAt} is null)`;

/** The role of a person in the organization by now; nothing for who is no active member of it. */
export function selectMemberRole(q: Queries, organizationId: string | PgColumn, identity: string) {
  return q
    .select({ role: members.role })
    .from(members)
    .where(
      and(
        eq(members.organizationId, organizationId),
        eq(members.userId, identity),
        eq(members.status, 'active'),
      ),
    );
}

/** The same as an expression, for the row of something else. */
export const memberRoleExpression = (
  q: Queries,
  organizationId: string | PgColumn,
  identity: string,
): SQL<string | null> => sql<string | null>`(${selectMemberRole(q, organizationId, identity)})`;

/** What the room knows of one identity: a role of their own, or that they are kept out. */
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

/** What the viewer sees, in the order they were made. */
export function selectRooms(
  q: Queries,
  organizationId: string,
  { status, type, tag, live, limit }: ListRooms,
  { after, viewer }: { after: string | undefined; viewer: string | null },
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
        after === undefined ? undefined : gt(rooms.id, after),
        visibleTo(viewer),
      ),
    )
    .orderBy(asc(rooms.id))
    .limit(limit + 1);
}

export function insertRooms(q: Queries, rows: NewRoomRow[]) {
  return q.insert(rooms).values(rows);
}

/** Changes the row if it still has the version that was read; otherwise the commit fails with `request.stale`. */
export function updateRoomRow(
  q: Queries,
  { id, organizationId, version }: Pick<Room, 'id' | 'organizationId' | 'version'>,
  set: Partial<NewRoomRow>,
) {
  const change = q
    .update(rooms)
    .set({ ...set, version: sql`${rooms.version} + 1` })
    .where(
      and(
        eq(rooms.id, id),
        eq(rooms.organizationId, organizationId),
        eq(rooms.version, version),
        isNull(rooms.deletedAt),
      ),
    )
    .returning({ id: rooms.id });
  return mustChange(q, change, requestErrors.stale);
}

/** Gives an identity a role of its own or a link it came by, or keeps it out, or takes back any of it; what is not named stays. */
export function upsertRoomPerson(q: Queries, row: NewRoomPersonRow) {
  const { role, linkId, removedAt, changedBy, updatedAt } = row;
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
      },
    });
}

/** Gives many people a role of their own in a room: who has one has it changed, or keeps it. */
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
