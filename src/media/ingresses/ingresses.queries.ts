import { and, desc, eq, inArray, isNotNull, or, sql } from 'drizzle-orm';
import { callConnections, callParticipants, calls } from '../../calls/calls/calls.tables.ts';
import { entitledToFeature, holdFeature } from '../../identity/entitlements/index.ts';
import { organizations } from '../../identity/organizations/organizations.tables.ts';
import {
  changeVersioned,
  deleteVersioned,
  insertWithin,
  inTurn,
  isBefore,
  type Queries,
  type Statement,
} from '../../kernel/db/index.ts';
import { roomPeople, rooms } from '../../rooms/rooms/rooms.tables.ts';
import { ingressErrors } from './ingresses.errors.ts';
import type { IngressChange, IngressGround } from './ingresses.rules.ts';
import { type Ingress, ingresses } from './ingresses.tables.ts';

/** Ingresses that an organization may have. */
const MAX_INGRESSES = 200;

/** Inserts an ingress, if the plan of the organization has them. */
export const insertIngress = (q: Queries, row: Ingress): Statement[] => [
  ...insertWithin(q, ingresses, row, { most: MAX_INGRESSES, error: ingressErrors.tooMany }),
  holdFeature(q, { organizationId: row.organizationId, now: row.createdAt, feature: 'ingresses' }),
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

/** Changes the row if it still has the version that was read; otherwise the commit fails with `request.stale`. */
export const changeIngress = (q: Queries, row: Ingress, set: IngressChange) =>
  changeVersioned(q, ingresses, row, set);

export const deleteIngressRow = (q: Queries, row: Ingress) => deleteVersioned(q, ingresses, row);

const isCallOfRoom = and(eq(calls.roomId, ingresses.roomId), eq(calls.status, 'active'));

/** What is needed to take an ingress further. */
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
    })
    .from(ingresses)
    .innerJoin(rooms, eq(rooms.id, ingresses.roomId))
    .innerJoin(organizations, eq(organizations.id, ingresses.organizationId))
    .leftJoin(calls, isCallOfRoom)
    .leftJoin(roomPeople, and(eq(roomPeople.roomId, ingresses.roomId), eq(roomPeople.identity, ingresses.id)))
    .where(and(eq(ingresses.organizationId, organizationId), eq(ingresses.id, ingressId)));

/**
 * Ingresses of all organizations for a sweep: first those of which something is under way or has to change, then the others. Within both
 * each has its turn.
 */
export const selectIngressesToSweep = (q: Queries, now: Date, limit: number) =>
  q
    .select({ id: ingresses.id, organizationId: ingresses.organizationId })
    .from(ingresses)
    .innerJoin(rooms, eq(rooms.id, ingresses.roomId))
    .innerJoin(organizations, eq(organizations.id, ingresses.organizationId))
    .leftJoin(calls, isCallOfRoom)
    .orderBy(
      desc(
        or(
          inArray(ingresses.state, ['requested', 'connecting', 'active']),
          sql`${ingresses.callId} is distinct from ${calls.id}`,
          isNotNull(rooms.deletedAt),
          isNotNull(organizations.deletedAt),
        )!,
      ),
      inTurn(ingresses.id, now),
    )
    .limit(limit);

/** The ingresses with these ids, of whichever organization, as a cluster has them. */
export const selectClusterIngresses = (q: Queries, ids: readonly string[]) =>
  q
    .select({
      id: ingresses.id,
      cluster: ingresses.cluster,
      clusterIngress: ingresses.clusterIngress,
      begunAt: ingresses.begunAt,
    })
    .from(ingresses)
    .where(inArray(ingresses.id, [...ids]));

const idsOfIngresses = (q: Queries) =>
  q.select({ id: ingresses.id, organizationId: ingresses.organizationId }).from(ingresses);

export const selectIngressesOfRoom = (q: Queries, organizationId: string, roomId: string) =>
  idsOfIngresses(q).where(isInRoom(organizationId, roomId));

/** The ingresses of the room in which a call takes place, of whichever organization. */
export const selectIngressesOfCall = (q: Queries, callId: string) =>
  idsOfIngresses(q).innerJoin(calls, eq(calls.roomId, ingresses.roomId)).where(eq(calls.id, callId));

/** Connections of a call that ingresses made, of those with these ids. */
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
