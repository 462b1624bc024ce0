import { and, eq, isNotNull, sql } from 'drizzle-orm';
import { callParticipants } from '../../calls/calls/calls.tables.ts';
import { mustHold, type Queries } from '../../kernel/db/index.ts';
import { accessErrors } from '../access/index.ts';
import { roomPeople } from '../rooms/rooms.tables.ts';
import type { links } from '../links/links.tables.ts';
import type { RoomPerson } from '../rooms/index.ts';
import type { AdmissionState } from './admission.rules.ts';

/** A value as it is in JSON: dates are texts. */
type Serialized<T> = {
  [K in keyof T]: T[K] extends Date ? string : T[K] extends Date | null ? string | null : T[K];
};

/** The link through which a person came. */
export type LinkOfPerson = Pick<
  typeof links.$inferSelect,
  | 'id'
  | 'roomId'
  | 'callId'
  | 'access'
  | 'defaultRole'
  | 'requireApproval'
  | 'enableRecording'
  | 'enableScreenShare'
  | 'enableChat'
  | 'isActive'
  | 'expiresAt'
  | 'deletedAt'
  | 'createdBy'
>;

export interface SerializedAdmissionState {
  room: AdmissionState['room'];
  person: Serialized<NonNullable<AdmissionState['person']> & Pick<RoomPerson, 'linkId'>> | null;
  /** The link through which they first came; also a deleted one. */
  link: Serialized<LinkOfPerson> | null;
  /** Whether a guest ever had a seat in the room; true for everybody else. */
  hadSeat: boolean;
  call: NonNullable<AdmissionState['call']> | null;
  hostCame: boolean;
  seat: Serialized<NonNullable<AdmissionState['seat']>> | null;
  /** Whether a recording of the open call needs their consent. */
  lacksRecordingConsent: boolean;
  entry: Serialized<NonNullable<AdmissionState['entry']>> | null;
  /** Null for an identity without an account. */
  accountName: string | null;
  /** Their current role in the organization; null unless they are an active member. */
  memberRole: string | null;
  /** Whether the room is a private room that they have nothing to do with, and were not rung into. */
  stranger: boolean;
  /** When the ring that lets them into a private room expires; null for one that was accepted, and without one. */
  rungUntil: string | null;
}

/**
 * Everything that a join request of this identity needs to know, as one document, built by `room-door.sql`. It is null
 * when the room does not exist.
 */
export function selectAdmissionState(q: Queries, organizationId: string, roomId: string, identity: string) {
  return q
    .select({ state: sql<SerializedAdmissionState | null>`state` })
    .from(sql`room_door(${organizationId}, ${roomId}, ${identity}) as state`);
}

/** Fails the commit with `rooms.network_excluded` when somebody of the network was removed from the call with it. */
export function mustNotBeExcluded(
  q: Queries,
  { roomId, callId, network }: { roomId: string; callId: string; network: string },
) {
  const removed = q
    .select({ id: callParticipants.id })
    .from(callParticipants)
    .innerJoin(
      roomPeople,
      and(eq(roomPeople.roomId, roomId), eq(roomPeople.identity, callParticipants.identity)),
    )
    .where(
      and(
        eq(callParticipants.callId, callId),
        eq(callParticipants.network, network),
        isNotNull(roomPeople.removedAt),
        roomPeople.excludesNetwork,
      ),
    );
  return mustHold(q, sql`not exists (${removed})`, accessErrors.networkExcluded);
}
