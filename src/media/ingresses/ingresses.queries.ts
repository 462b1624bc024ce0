import { and, desc, eq, inArray, type SQL, sql } from 'drizzle-orm';
import { callConnections, callParticipants, calls } from '../../calls/calls/calls.tables.ts';
import { connectRefusal, releaseMinutes, reserveMinutes } from '../../calls/minutes/index.ts';
import { entitledToFeature, holdFeature } from '../../identity/entitlements/index.ts';
import { organizations } from '../../identity/organizations/organizations.tables.ts';
import { requestErrors } from '../../kernel/core/index.ts';
import {
  changeVersioned,
  deleteVersioned,
  insertWithin,
  isBefore,
  mustHold,
  type Queries,
  type Statement,
} from '../../kernel/db/index.ts';
import { placeCallsAt } from '../../rooms/rooms/index.ts';
import { roomPeople, rooms } from '../../rooms/rooms/rooms.tables.ts';
import type { IdleReason } from './ingresses.enums.ts';
import { ingressErrors } from './ingresses.errors.ts';
import { type IngressChange, type IngressGround, placeOf, READING_STATES } from './ingresses.rules.ts';
import { type Ingress, ingresses } from './ingresses.tables.ts';

/** Ingresses that an organization may have. */
const MAX_INGRESSES = 200;
/** How many of them may be in calls at once: each takes a transcoding worker of a cluster that others share. */
const MOST_IN_CALLS = 10;

/** A lock: changes of the ingresses of an organization wait for each other, also with `insertWithin`. */
const lockIngresses = (q: Queries, organizationId: string): Statement =>
  q.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`ingresses ${organizationId}`}, 0))`);

/** Pins the calls of a room to the cluster of its oldest ingress that media are sent to, if it has one. */
const followIngresses = (q: Queries, { organizationId, roomId, kind }: Ingress): Statement[] => {
  if (kind === 'url') return [];
  const cluster = sql<
    string | null
  >`(select n.cluster from ingresses n where n.organization_id = ${organizationId}
    and n.room_id = ${roomId} and n.kind <> 'url' order by n.id limit 1)`;
  return [lockIngresses(q, organizationId), placeCallsAt(q, organizationId, roomId, cluster)];
};

/** Inserts an ingress, if the plan of the organization has them. */
export const insertIngress = (q: Queries, row: Ingress): Statement[] => [
  ...insertWithin(q, ingresses, row, { most: MAX_INGRESSES, error: ingressErrors.tooMany }),
  holdFeature(q, { organizationId: row.organizationId, now: row.createdAt, feature: 'ingresses' }),
  ...followIngresses(q, row),
];

const isInRoom = (organizationId: string, roomId: string) =>
  and(eq(ingresses.organizationId, organizationId), eq(ingresses.roomId, roomId));

export const selectIngress = (q: Queries, organizationId: string, roomId: string, ingressId: string) =>
  q
    .select()
    .from(ingresses)
    .where(and(isInRoom(organizationId, roomId), eq(ingresses.id, ingressId)));

/** The ingresses of a room, newest first. */
export const selectIngresses = (
  q: Queries,
  organizationId: string,
  roomId: string,
  { before, limit }: { before: string | undefined; limit: number },
) =>
  q
    .select()
    .from(ingresses)
    .where(and(isInRoom(organizationId, roomId), isBefore(ingresses.id, before)))
    .orderBy(desc(ingresses.id))
    .limit(limit + 1);

/** Gives back the place in a call that an ingress had. */
function releasePlace(q: Queries, row: Ingress, next: string | null): Statement[] {
  const { organizationId, id: identity } = row;
  const callId = placeOf(row);
  return callId === null || callId === next ? [] : [releaseMinutes(q, { organizationId, callId, identity })];
}

/**
 * Changes the row if it still has the version that was read; otherwise the commit fails with `request.stale`. A place in a call that it
 * has no more is given back.
 */
export const changeIngress = (q: Queries, row: Ingress, set: IngressChange): Statement[] => [
  changeVersioned(q, ingresses, row, set),
  ...releasePlace(q, row, placeOf({ ...row, ...set })),
];

export const deleteIngressRow = (q: Queries, row: Ingress): Statement[] => [
  deleteVersioned(q, ingresses, row),
  ...releasePlace(q, row, null),
  ...followIngresses(q, row),
];

/** How many ingresses of an organization have a place in an active call. */
const countPlaces = (organizationId: string): SQL => sql`(
  select count(*) from ingresses n join calls c on c.id = n.call_id and c.status = 'active'
  where n.organization_id = ${organizationId} and (n.kind <> 'url' or n.state in ('requested', 'connecting', 'active')))`;

/**
 * Changes an ingress that comes into a call, if the organization may admit one more participant: takes one of its
 * places and reserves minutes. Such commits of an organization wait for each other. Fails with `request.stale` when all
 * places are taken, and with `billing.limit_reached`.
 */
export const enterCall = (
  q: Queries,
  row: Ingress,
  set: IngressChange & { callId: string },
  now: Date,
): Statement[] => [
  q.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`ingresses:${row.organizationId}`}, 0))`),
  ...changeIngress(q, row, set),
  mustHold(q, sql`${countPlaces(row.organizationId)} <= ${MOST_IN_CALLS}`, requestErrors.stale),
  ...reserveMinutes(q, { organizationId: row.organizationId, callId: set.callId, identity: row.id }, now),
];

const hasPlace = sql`(${ingresses.kind} <> 'url' or ${inArray(ingresses.state, [...READING_STATES])})`;

/** Condition: a call is the active one of the room of an ingress. */
export const isCallOfRoom = and(eq(calls.roomId, ingresses.roomId), eq(calls.status, 'active'));

/** When the participant of an ingress left its call; null while it is connected, and before it was. */
const lastDeparture = sql<Date | null>`(select max(n.left_at) from call_connections n
  join call_participants p on p.id = n.participant_id
  where n.call_id = ${ingresses.callId} and p.identity = ${ingresses.id}
  having bool_and(n.left_at is not null))`.mapWith(callConnections.leftAt);

/** What decides the next step of an ingress. */
export interface IngressToAdvance extends IngressGround {
  ingress: Ingress;
}

export const selectIngressToAdvance = (q: Queries, organizationId: string, ingressId: string, now: Date) =>
  q
    .select({
      ingress: ingresses,
      call: { id: calls.id, cluster: calls.cluster },
      isRoomDeleted: sql<boolean>`${rooms.deletedAt} is not null`,
      isOrganizationDeleted: sql<boolean>`${organizations.deletedAt} is not null`,
      isIncluded: sql<boolean>`${entitledToFeature('ingresses', { organizationId, now })} = 1`,
      isRemoved: sql<boolean>`${roomPeople.removedAt} is not null`,
      leftAt: lastDeparture,
      refusal: sql<IdleReason | null>`case when ${calls.id} is not null then coalesce(
        ${connectRefusal(organizationId, calls.id, ingresses.id, now)},
        case when ${ingresses.callId} is distinct from ${calls.id} or not ${hasPlace}
          then case when ${countPlaces(organizationId)} >= ${MOST_IN_CALLS} then 'too_many' end end) end`,
    })
    .from(ingresses)
    .innerJoin(rooms, eq(rooms.id, ingresses.roomId))
    .innerJoin(organizations, eq(organizations.id, ingresses.organizationId))
    .leftJoin(calls, isCallOfRoom)
    .leftJoin(roomPeople, and(eq(roomPeople.roomId, ingresses.roomId), eq(roomPeople.identity, ingresses.id)))
    .where(and(eq(ingresses.organizationId, organizationId), eq(ingresses.id, ingressId)));

const idsOfIngresses = (q: Queries) =>
  q.select({ id: ingresses.id, organizationId: ingresses.organizationId }).from(ingresses);

export const selectIngressesOfRoom = (q: Queries, organizationId: string, roomId: string) =>
  idsOfIngresses(q).where(isInRoom(organizationId, roomId));

/** The ingresses of the room in which a call takes place, of any organization. */
export const selectIngressesOfCall = (q: Queries, callId: string) =>
  idsOfIngresses(q).innerJoin(calls, eq(calls.roomId, ingresses.roomId)).where(eq(calls.id, callId));

/** Connections in a call that the ingresses with these ids made. */
export const selectIngressConnections = (
  q: Queries,
  organizationId: string,
  callId: string,
  sids: readonly string[],
) =>
  q
    .select({
      sid: callConnections.sid,
      identity: callParticipants.identity,
      joinedAt: callConnections.joinedAt,
      leftAt: callConnections.leftAt,
      connected: callConnections.connected,
      version: callConnections.version,
    })
    .from(callConnections)
    .innerJoin(callParticipants, eq(callParticipants.id, callConnections.participantId))
    .where(
      and(
        eq(callConnections.organizationId, organizationId),
        eq(callConnections.callId, callId),
        inArray(callConnections.sid, [...sids]),
        sql`starts_with(${callParticipants.identity}, 'ing_')`,
      ),
    );
