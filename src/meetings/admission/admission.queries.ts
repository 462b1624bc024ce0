import { and, asc, eq, gt, inArray, isNull, lt, type SQL, sql } from 'drizzle-orm';
import { users } from '../../identity/accounts/accounts.tables.ts';
import type { ErrorFactory } from '../../platform/core/index.ts';
import { compiled, mustChange, type Places, type Queries } from '../../platform/db/index.ts';
import { callParticipants, calls, isOpenCall } from '../calls/calls.tables.ts';
import { links } from '../links/links.tables.ts';
import { ofOpenOrganization } from '../rooms/index.ts';
import { roomPeople, rooms } from '../rooms/rooms.tables.ts';
import type { LobbyEntry } from './admission.rules.ts';
import { lobbyEntries } from './admission.tables.ts';

const DOOR = {
  room: {
    id: rooms.id,
    organizationId: rooms.organizationId,
    type: rooms.type,
    status: rooms.status,
    capacity: rooms.capacity,
    features: rooms.features,
    lobby: rooms.lobby,
    locked: rooms.locked,
    emptyTimeoutSeconds: rooms.emptyTimeoutSeconds,
    departureTimeoutSeconds: rooms.departureTimeoutSeconds,
    defaultRoles: rooms.defaultRoles,
    createdBy: rooms.createdBy,
  },
  person: { identity: roomPeople.identity, role: roomPeople.role, removedAt: roomPeople.removedAt },
  call: { id: calls.id, cluster: calls.cluster },
  seat: { id: callParticipants.id },
  entry: {
    id: lobbyEntries.id,
    status: lobbyEntries.status,
    decidedAt: lobbyEntries.decidedAt,
    expiresAt: lobbyEntries.expiresAt,
    createdAt: lobbyEntries.createdAt,
  },
};

type DoorOf = Places<{ organizationId: string; roomId: string; identity: string }>;

const selectDoor = (q: Queries, of: DoorOf, accountName: SQL<string | null>) =>
  q
    .select({ ...DOOR, accountName })
    .from(rooms)
    .leftJoin(roomPeople, and(eq(roomPeople.roomId, rooms.id), eq(roomPeople.identity, of.identity)))
    .leftJoin(calls, and(eq(calls.roomId, rooms.id), isOpenCall))
    .leftJoin(
      callParticipants,
      and(eq(callParticipants.callId, calls.id), eq(callParticipants.identity, of.identity)),
    )
    .leftJoin(lobbyEntries, and(eq(lobbyEntries.roomId, rooms.id), eq(lobbyEntries.identity, of.identity)))
    .where(
      and(
        eq(rooms.id, of.roomId),
        eq(rooms.organizationId, of.organizationId),
        isNull(rooms.deletedAt),
        ofOpenOrganization,
      ),
    )
    .orderBy(sql`${lobbyEntries.id} desc nulls last`)
    .limit(1);

/**
 * What an identity finds at a room's door, in one row: the room, what it knows of them, its open call, their place in
 * it, the last time they stood in the lobby. Planning so many tables costs the database more than finding the rows, so
 * it reads nothing that nobody asks for.
 */
export const findDoor = compiled((q, of: DoorOf) => selectDoor(q, of, sql`null`));

/** The door, with the name of the account that stands before it. */
export const findDoorOfUser = compiled((q, of: DoorOf) =>
  selectDoor(q, of, sql`(select ${users.name} from ${users} where ${users.id} = ${of.identity})`),
);

/** What a link lets its guests do. */
export function findGuestLink(q: Queries, organizationId: string, linkId: string) {
  const { enableRecording, enableScreenShare, enableChat, requireApproval, callId } = links;
  return q
    .select({ enableRecording, enableScreenShare, enableChat, requireApproval, callId })
    .from(links)
    .where(and(eq(links.id, linkId), eq(links.organizationId, organizationId)));
}

/** Waits; who waits already keeps the entry's id and goes on waiting. */
export function putWaiting(q: Queries, row: typeof lobbyEntries.$inferInsert) {
  const { name, role, expiresAt } = row;
  return q
    .insert(lobbyEntries)
    .values(row)
    .onConflictDoUpdate({ target: lobbyEntries.id, set: { name, role, expiresAt } });
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

/** Ends what nobody decided in time, and forgets what was over a day ago; at most `limit` of each. */
export function expireEntries(q: Queries, now: Date, limit: number) {
  const overdue = q
    .select({ id: lobbyEntries.id })
    .from(lobbyEntries)
    .where(and(eq(lobbyEntries.status, 'waiting'), lt(lobbyEntries.expiresAt, now)))
    .limit(limit);
  return q
    .update(lobbyEntries)
    .set({ status: 'expired', decidedAt: now })
    .where(inArray(lobbyEntries.id, overdue));
}

export function forgetEntries(q: Queries, before: Date, limit: number) {
  const old = q
    .select({ id: lobbyEntries.id })
    .from(lobbyEntries)
    .where(and(sql`${lobbyEntries.status} <> 'waiting'`, lt(lobbyEntries.expiresAt, before)))
    .limit(limit);
  return q.delete(lobbyEntries).where(inArray(lobbyEntries.id, old));
}
