import { and, eq, inArray, isNull, sql } from 'drizzle-orm';
import type { Queries } from '../../platform/db/index.ts';
import { callParticipants, calls, isOpenCall } from '../calls/calls.tables.ts';
import { hadPlace } from '../calls/index.ts';
import { links } from '../links/links.tables.ts';
import { memberRoleOf, ofOpenOrganization } from '../rooms/index.ts';
import { roomPeople, rooms } from '../rooms/rooms.tables.ts';

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

const { enableRecording, enableScreenShare, enableChat } = links;
const switches = { enableRecording, enableScreenShare, enableChat };

/** A participant of some call of the room, with what the room knows of them and the switches of their link. */
export function findTarget(q: Queries, organizationId: string, roomId: string, participantId: string) {
  return q
    .select({
      participant: callParticipants,
      callStatus: calls.status,
      person: roomPeople,
      switches,
    })
    .from(callParticipants)
    .innerJoin(calls, eq(calls.id, callParticipants.callId))
    .leftJoin(
      roomPeople,
      and(eq(roomPeople.roomId, calls.roomId), eq(roomPeople.identity, callParticipants.identity)),
    )
    .leftJoin(links, eq(links.id, roomPeople.linkId))
    .where(
      and(
        eq(callParticipants.id, participantId),
        eq(callParticipants.organizationId, organizationId),
        eq(calls.roomId, roomId),
      ),
    );
}

/** Everybody who has or had a place in the room's open call, with the same. */
export function listTargets(
  q: Queries,
  organizationId: string,
  roomId: string,
  only?: { participantIds: readonly string[] } | { identities: readonly string[] },
) {
  const named =
    only &&
    ('identities' in only
      ? inArray(callParticipants.identity, [...only.identities])
      : inArray(callParticipants.id, [...only.participantIds]));
  return q
    .select({ participant: callParticipants, person: roomPeople, switches })
    .from(calls)
    .innerJoin(callParticipants, eq(callParticipants.callId, calls.id))
    .leftJoin(
      roomPeople,
      and(eq(roomPeople.roomId, calls.roomId), eq(roomPeople.identity, callParticipants.identity)),
    )
    .leftJoin(links, eq(links.id, roomPeople.linkId))
    .where(and(eq(calls.roomId, roomId), eq(calls.organizationId, organizationId), isOpenCall, named));
}
