import { and, asc, eq, gt, inArray, isNull, or, sql } from 'drizzle-orm';
import type { ErrorFactory } from '../../platform/core/index.ts';
import { mustChange, type Queries } from '../../platform/db/index.ts';
import { members } from '../../identity/members/members.tables.ts';
import { calls, isOpenCall } from '../calls/calls.tables.ts';
import { hadPlace } from '../calls/index.ts';
import type { links } from '../links/links.tables.ts';
import { memberRoleOf, ofOpenOrganization, type RoomPerson } from '../rooms/index.ts';
import { roomPeople, rooms } from '../rooms/rooms.tables.ts';
import type { Door, LobbyEntry } from './admission.rules.ts';
import { lobbyEntries } from './admission.tables.ts';

/** As JSON writes it: moments are texts. */
type Told<T> = {
  [K in keyof T]: T[K] extends Date ? string : T[K] extends Date | null ? string | null : T[K];
};

export interface ToldDoor {
  room: Door['room'];
  person: Told<NonNullable<Door['person']> & Pick<RoomPerson, 'linkId'>> | null;
  /** The link by which they came, also one that is deleted. */
  link: Pick<
    typeof links.$inferSelect,
    | 'id'
    | 'roomId'
    | 'callId'
    | 'defaultRole'
    | 'requireApproval'
    | 'enableRecording'
    | 'enableScreenShare'
    | 'enableChat'
    | 'createdBy'
  > | null;
  call: NonNullable<Door['call']> | null;
  seat: NonNullable<Door['seat']> | null;
  entry: Told<NonNullable<Door['entry']>> | null;
  /** Null for who has none. */
  accountName: string | null;
  /** In the organization, by now; null for who is no active member. */
  memberRole: string | null;
  /** Whether it is a direct room that they have nothing to do with. */
  stranger: boolean;
}

/**
 * What an identity finds at a room's door, as one document: by `room_door`, in the migrations. Its `door` is null when
 * there is no such room.
 */
export function findDoor(q: Queries, organizationId: string, roomId: string, identity: string) {
  return q
    .select({ door: sql<ToldDoor | null>`door` })
    .from(sql`room_door(${organizationId}, ${roomId}, ${identity}) as door`);
}

/** Waits; who waits already keeps the entry's id and goes on waiting. */
export function putWaiting(q: Queries, row: typeof lobbyEntries.$inferInsert) {
  const { name, role, expiresAt } = row;
  return q
    .insert(lobbyEntries)
    .values(row)
    .onConflictDoUpdate({ target: lobbyEntries.id, set: { name, role, expiresAt } });
}

const openCall = and(eq(calls.roomId, rooms.id), isOpenCall);

/**
 * A room with its open call and what it knows of an identity, in one row; of a guest also whether they were ever in, of a
 * person their role in the organization by now.
 */
export function findStanding(q: Queries, organizationId: string, roomId: string, identity: string) {
  return q
    .select({
      room: rooms,
      person: roomPeople,
      call: calls,
      memberRole: memberRoleOf(q, organizationId, identity),
      wasIn: identity.startsWith('gst_') ? hadPlace(roomId, identity) : sql<boolean>`true`,
    })
    .from(rooms)
    .leftJoin(roomPeople, and(eq(roomPeople.roomId, rooms.id), eq(roomPeople.identity, identity)))
    .leftJoin(calls, openCall)
    .where(
      and(
        eq(rooms.id, roomId),
        eq(rooms.organizationId, organizationId),
        isNull(rooms.deletedAt),
        ofOpenOrganization,
      ),
    );
}

const inRoom = (organizationId: string, roomId: string) =>
  and(eq(lobbyEntries.roomId, roomId), eq(lobbyEntries.organizationId, organizationId));

/** In the order they came. */
export function listWaiting(
  q: Queries,
  organizationId: string,
  roomId: string,
  now: Date,
  limit: number,
  after?: string,
) {
  return q
    .select()
    .from(lobbyEntries)
    .where(
      and(
        inRoom(organizationId, roomId),
        eq(lobbyEntries.status, 'waiting'),
        gt(lobbyEntries.expiresAt, now),
        after === undefined ? undefined : gt(lobbyEntries.id, after),
      ),
    )
    .orderBy(asc(lobbyEntries.id))
    .limit(limit);
}

export function findEntry(q: Queries, organizationId: string, roomId: string, entryId: string) {
  return q
    .select()
    .from(lobbyEntries)
    .where(and(inRoom(organizationId, roomId), eq(lobbyEntries.id, entryId)));
}

export function findEntries(q: Queries, organizationId: string, roomId: string, entryIds: readonly string[]) {
  return q
    .select()
    .from(lobbyEntries)
    .where(and(inRoom(organizationId, roomId), inArray(lobbyEntries.id, [...entryIds])));
}

/** Members who host or moderate the room by its own word for them, or because they made it. */
export function listHosts(q: Queries, organizationId: string, roomId: string, limit: number) {
  const own = and(eq(roomPeople.roomId, rooms.id), eq(roomPeople.identity, members.userId));
  return q
    .select({ userId: members.userId })
    .from(members)
    .innerJoin(rooms, and(eq(rooms.id, roomId), eq(rooms.organizationId, members.organizationId)))
    .leftJoin(roomPeople, own)
    .where(
      and(
        eq(members.organizationId, organizationId),
        eq(members.status, 'active'),
        isNull(roomPeople.removedAt),
        or(
          inArray(roomPeople.role, ['host', 'moderator']),
          and(isNull(roomPeople.role), eq(rooms.createdBy, members.userId)),
        ),
      ),
    )
    .orderBy(asc(members.userId))
    .limit(limit);
}

/** Decides entries that all still wait; otherwise the commit fails with `error`. */
export function decideEntries(
  q: Queries,
  organizationId: string,
  entries: readonly LobbyEntry[],
  set: Pick<LobbyEntry, 'status' | 'decidedAt' | 'decidedBy' | 'expiresAt'>,
  error: ErrorFactory,
) {
  const ids = entries.map(({ id }) => id);
  const change = q
    .update(lobbyEntries)
    .set(set)
    .where(
      and(
        eq(lobbyEntries.organizationId, organizationId),
        inArray(lobbyEntries.id, ids),
        eq(lobbyEntries.status, 'waiting'),
      ),
    )
    .returning({ id: lobbyEntries.id });
  return mustChange(q, change, error, ids.length);
}
