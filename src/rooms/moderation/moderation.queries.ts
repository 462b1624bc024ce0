import { and, desc, eq, gt, inArray, ne, or, type SQL, sql } from 'drizzle-orm';
import type { Queries } from '../../kernel/db/index.ts';
import { callParticipants, calls, isOpenCall } from '../../calls/calls/calls.tables.ts';
import { members } from '../../identity/members/members.tables.ts';
import { selectMemberRole } from '../access/index.ts';
import { links } from '../links/links.tables.ts';
import { roomPeople, rooms } from '../rooms/rooms.tables.ts';

const { enableRecording, enableScreenShare, enableChat } = links;
const switches = { enableRecording, enableScreenShare, enableChat };
const isPersonOfSeat = and(
  eq(roomPeople.roomId, calls.roomId),
  eq(roomPeople.identity, callParticipants.identity),
);

/** Participants of calls of the room, as `ModerationTarget`s, with their role in the organization. */
const selectTargetsWithRole = (q: Queries, organizationId: string, roomId: string, condition: SQL) =>
  q
    .select({
      participant: callParticipants,
      callStatus: calls.status,
      memberRole: sql<string | null>`(${selectMemberRole(q, organizationId, callParticipants.userId)})`,
      person: roomPeople,
      switches,
    })
    .from(callParticipants)
    .innerJoin(calls, eq(calls.id, callParticipants.callId))
    .leftJoin(roomPeople, isPersonOfSeat)
    .leftJoin(links, eq(links.id, roomPeople.linkId))
    .where(and(eq(callParticipants.organizationId, organizationId), eq(calls.roomId, roomId), condition));

/** A participant of any call of the room, as a `ModerationTarget`, with their role in the organization. */
export const selectTarget = (q: Queries, organizationId: string, roomId: string, participantId: string) =>
  selectTargetsWithRole(q, organizationId, roomId, eq(callParticipants.id, participantId));

/** The same of an identity: in the newest call of the room that they were in. */
export const selectTargetOf = (q: Queries, organizationId: string, roomId: string, identity: string) =>
  selectTargetsWithRole(q, organizationId, roomId, eq(callParticipants.identity, identity))
    .orderBy(desc(calls.id))
    .limit(1);

/** Everybody who has or had a seat in the room's open call, as `ModerationTarget`s. */
export function selectTargets(
  q: Queries,
  organizationId: string,
  roomId: string,
  filter?: { participantIds: readonly string[] } | { identities: readonly string[] },
) {
  const filterCondition =
    filter &&
    ('identities' in filter
      ? inArray(callParticipants.identity, [...filter.identities])
      : inArray(callParticipants.id, [...filter.participantIds]));
  return q
    .select({ participant: callParticipants, person: roomPeople, switches })
    .from(calls)
    .innerJoin(callParticipants, eq(callParticipants.callId, calls.id))
    .leftJoin(roomPeople, isPersonOfSeat)
    .leftJoin(links, eq(links.id, roomPeople.linkId))
    .where(
      and(eq(calls.roomId, roomId), eq(calls.organizationId, organizationId), isOpenCall, filterCondition),
    );
}

/**
 * A participant of an open call, if their role or what they may do may have changed since they got their last token: its
 * grants are those from then.
 */
export function selectOutdatedToken(
  q: Queries,
  organizationId: string,
  { callId, participantId }: { callId: string; participantId: string },
) {
  const { seatSince } = callParticipants;
  return q
    .select({ room: rooms, call: calls, participant: callParticipants, person: roomPeople, switches })
    .from(callParticipants)
    .innerJoin(calls, eq(calls.id, callParticipants.callId))
    .innerJoin(rooms, eq(rooms.id, calls.roomId))
    .leftJoin(roomPeople, isPersonOfSeat)
    .leftJoin(links, eq(links.id, roomPeople.linkId))
    .leftJoin(
      members,
      and(eq(members.organizationId, calls.organizationId), eq(members.userId, callParticipants.identity)),
    )
    .where(
      and(
        eq(callParticipants.organizationId, organizationId),
        eq(callParticipants.callId, callId),
        eq(callParticipants.id, participantId),
        isOpenCall,
        or(...[rooms, roomPeople, links, members].map(({ updatedAt }) => gt(updatedAt, seatSince))),
      ),
    );
}

/** More than a room holds, agents and observers included. */
const MAX_ROSTER_SEATS = 2_000;

/** The people who have a seat in the room's open call, or gave it up after `leftSince`. */
export function selectRosterSeats(q: Queries, organizationId: string, roomId: string, leftSince: Date) {
  const { id, identity, name, role, kind, status } = callParticipants;
  return q
    .select({ id, identity, name, role, kind, status })
    .from(calls)
    .innerJoin(callParticipants, eq(callParticipants.callId, calls.id))
    .where(
      and(
        eq(calls.roomId, roomId),
        eq(calls.organizationId, organizationId),
        isOpenCall,
        or(ne(callParticipants.status, 'left'), gt(callParticipants.leftAt, leftSince)),
      ),
    )
    .limit(MAX_ROSTER_SEATS);
}
