import { and, eq, sql } from 'drizzle-orm';
import { hostCame } from '../../calls/calls/index.ts';
import { callParticipants, calls } from '../../calls/calls/calls.tables.ts';
import { entitledToFeature, holdFeature } from '../../identity/entitlements/index.ts';
import { organizations } from '../../identity/organizations/organizations.tables.ts';
import { requestErrors } from '../../kernel/core/index.ts';
import { changeVersioned, type Queries, type Statement } from '../../kernel/db/index.ts';
import { roomPeople, rooms } from '../../rooms/rooms/rooms.tables.ts';
import type { DialInChange, DialInGround } from './dial-ins.rules.ts';
import { type DialIn, dialIns } from './dial-ins.tables.ts';

const isOfRoom = (organizationId: string, roomId: string) =>
  and(eq(dialIns.organizationId, organizationId), eq(dialIns.id, roomId));

export const selectDialIn = (q: Queries, organizationId: string, roomId: string) =>
  q.select().from(dialIns).where(isOfRoom(organizationId, roomId));

const holdTelephony = (q: Queries, { organizationId, updatedAt: now }: DialIn) =>
  holdFeature(q, { organizationId, now, feature: 'telephony' });

/** Inserts the dial-in of a room, if the plan of the organization has telephony. */
export const insertDialIn = (q: Queries, row: DialIn): Statement[] => [
  q.insert(dialIns).values(row),
  holdTelephony(q, row),
];

/** Changes the row if it still has the version that was read; otherwise the commit fails with `request.stale`. */
export const changeDialIn = (q: Queries, row: DialIn, set: DialInChange): Statement =>
  changeVersioned(q, dialIns, row, set);

/** The same, if the plan of the organization has telephony. */
export const reopenDialIn = (
  q: Queries,
  row: DialIn,
  set: DialInChange & { updatedAt: Date },
): Statement[] => [changeDialIn(q, row, set), holdTelephony(q, { ...row, ...set })];

export const DIAL_IN_CONFLICTS = { dial_ins_pkey: requestErrors.stale };

/** What decides the next step of a dial-in, except the numbers of the organization. */
export interface DialInToAdvance extends Omit<DialInGround, 'numbers'> {
  row: DialIn;
}

export const selectDialInToAdvance = (q: Queries, organizationId: string, roomId: string, now: Date) =>
  q
    .select({
      row: dialIns,
      isOrganizationDeleted: sql<boolean>`${organizations.deletedAt} is not null`,
      isRoomDeleted: sql<boolean>`${rooms.deletedAt} is not null`,
      isIncluded: sql<boolean>`${entitledToFeature('telephony', { organizationId, now })} = 1`,
      room: {
        status: rooms.status,
        locked: rooms.locked,
        lobby: rooms.lobby,
        waitForHost: rooms.waitForHost,
        recordingConsent: rooms.recordingConsent,
        capacity: rooms.capacity,
      },
      call: { id: calls.id, cluster: calls.cluster },
      hostCame: sql<boolean>`${hostCame}`,
    })
    .from(dialIns)
    .innerJoin(rooms, eq(rooms.id, dialIns.id))
    .innerJoin(organizations, eq(organizations.id, dialIns.organizationId))
    .leftJoin(calls, and(eq(calls.roomId, dialIns.id), eq(calls.status, 'active')))
    .where(isOfRoom(organizationId, roomId));

/** A participant of a call in the room, and whether a moderator removed them from the room. */
export const selectCaller = (
  q: Queries,
  organizationId: string,
  { roomId, participantId }: { roomId: string; participantId: string },
) =>
  q
    .select({
      participant: callParticipants,
      cluster: calls.cluster,
      isRemoved: sql<boolean>`${roomPeople.removedAt} is not null`,
    })
    .from(callParticipants)
    .innerJoin(calls, eq(calls.id, callParticipants.callId))
    .leftJoin(
      roomPeople,
      and(eq(roomPeople.roomId, calls.roomId), eq(roomPeople.identity, callParticipants.identity)),
    )
    .where(
      and(
        eq(callParticipants.organizationId, organizationId),
        eq(callParticipants.id, participantId),
        eq(calls.roomId, roomId),
      ),
    );
