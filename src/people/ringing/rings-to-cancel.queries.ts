import { and, eq, exists, isNotNull, isNull, notExists, or, type SQL, sql } from 'drizzle-orm';
import { mustHold, type Queries } from '../../kernel/db/index.ts';
import { members } from '../../identity/members/members.tables.ts';
import { roomPeople, rooms } from '../../rooms/rooms/rooms.tables.ts';
import { contacts } from '../contacts/contacts.tables.ts';
import { ringErrors } from './ringing.errors.ts';
import { selectRingsWithParties } from './ringing.queries.ts';
import type { Ring } from './ringing.rules.ts';
import { rings } from './ringing.tables.ts';

const one = { one: sql`1` };

const roomIsOpen = and(eq(rooms.id, rings.roomId), eq(rooms.status, 'open'), isNull(rooms.deletedAt));

/** Fails the commit with `ringing.over` when the room of the ring has ended or was deleted. */
export function mustHaveOpenRoom(q: Queries, { id, organizationId }: Ring) {
  const found = q
    .select(one)
    .from(rings)
    .innerJoin(rooms, roomIsOpen)
    .where(and(eq(rings.organizationId, organizationId), eq(rings.id, id)));
  return mustHold(q, exists(found), ringErrors.over);
}

/** Fails the commit of a ring when its caller or callee was removed from its room. */
export function mustNotBeRemoved(q: Queries, { organizationId, roomId, callerId, calleeId }: Ring) {
  if (roomId === null) return [];
  const isRemoved = (identity: string) =>
    q
      .select(one)
      .from(roomPeople)
      .where(
        and(
          eq(roomPeople.organizationId, organizationId),
          eq(roomPeople.roomId, roomId),
          eq(roomPeople.identity, identity),
          isNotNull(roomPeople.removedAt),
        ),
      );
  return [
    mustHold(q, notExists(isRemoved(callerId)), ringErrors.keptOut),
    mustHold(q, notExists(isRemoved(calleeId)), ringErrors.calleeRemoved),
  ];
}

const selectOpenRings = (q: Queries, organizationId: string, condition: SQL | undefined) =>
  selectRingsWithParties(q).where(
    and(eq(rings.organizationId, organizationId), eq(rings.status, 'ringing'), condition),
  );

/** Open rings into a room that has ended or was deleted. */
export function selectRingsIntoClosedRoom(q: Queries, organizationId: string, roomId: string) {
  const open = q.select(one).from(rooms).where(roomIsOpen);
  return selectOpenRings(q, organizationId, and(eq(rings.roomId, roomId), notExists(open)));
}

/** Open rings into a room by somebody, or to somebody, who was removed from it. */
export function selectRingsOfRemoved(
  q: Queries,
  organizationId: string,
  { roomId, identity }: { roomId: string; identity: string },
) {
  const removal = q
    .select(one)
    .from(roomPeople)
    .where(
      and(eq(roomPeople.roomId, roomId), eq(roomPeople.identity, identity), isNotNull(roomPeople.removedAt)),
    );
  return selectOpenRings(q, organizationId, and(eq(rings.roomId, roomId), isOf(identity), exists(removal)));
}

/** The open ring to somebody whom its caller has blocked. */
export function selectRingsToBlocked(q: Queries, organizationId: string, callerId: string, calleeId: string) {
  const block = q
    .select(one)
    .from(contacts)
    .where(
      and(
        eq(contacts.organizationId, organizationId),
        eq(contacts.userId, callerId),
        eq(contacts.contactUserId, calleeId),
        isNotNull(contacts.blockedAt),
      ),
    );
  return selectOpenRings(
    q,
    organizationId,
    and(eq(rings.callerId, callerId), eq(rings.calleeId, calleeId), exists(block)),
  );
}

/** Open rings by or to a user who is not an active member any longer. */
export function selectRingsOfFormerMember(q: Queries, organizationId: string, userId: string) {
  const membership = q
    .select(one)
    .from(members)
    .where(
      and(
        eq(members.organizationId, organizationId),
        eq(members.userId, userId),
        eq(members.status, 'active'),
      ),
    );
  return selectOpenRings(q, organizationId, and(isOf(userId), notExists(membership)));
}

const isOf = (userId: string): SQL | undefined => or(eq(rings.callerId, userId), eq(rings.calleeId, userId));
