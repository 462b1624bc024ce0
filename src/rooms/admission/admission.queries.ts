import { sql } from 'drizzle-orm';
import type { Queries } from '../../kernel/db/index.ts';
import type { links } from '../links/links.tables.ts';
import type { RoomPerson } from '../rooms/index.ts';
import type { AdmissionState } from './admission.rules.ts';

/** A value as it is in JSON: dates are texts. */
type Serialized<T> = {
  [K in keyof T]: T[K] extends Date ? string : T[K] extends Date | null ? string | null : T[K];
};

export interface SerializedAdmissionState {
  room: AdmissionState['room'];
  person: Serialized<NonNullable<AdmissionState['person']> & Pick<RoomPerson, 'linkId'>> | null;
  /** The link through which they first came; also a deleted one. */
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
  call: NonNullable<AdmissionState['call']> | null;
  seat: Serialized<NonNullable<AdmissionState['seat']>> | null;
  entry: Serialized<NonNullable<AdmissionState['entry']>> | null;
  /** Null for an identity without an account. */
  accountName: string | null;
  /** Their current role in the organization; null unless they are an active member. */
  memberRole: string | null;
  /** Whether the room is a private room that they have nothing to do with. */
  stranger: boolean;
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
