import { sql } from 'drizzle-orm';
import type { Queries } from '../../kernel/db/index.ts';
import type { links } from '../links/links.tables.ts';
import type { RoomPerson } from '../rooms/index.ts';
import type { AdmissionState } from './admission.rules.ts';

/** As JSON writes it: moments are texts. */
type Serialized<T> = {
  [K in keyof T]: T[K] extends Date ? string : T[K] extends Date | null ? string | null : T[K];
};

export interface SerializedAdmissionState {
  room: AdmissionState['room'];
  person: Serialized<NonNullable<AdmissionState['person']> & Pick<RoomPerson, 'linkId'>> | null;
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
  call: NonNullable<AdmissionState['call']> | null;
  seat: NonNullable<AdmissionState['seat']> | null;
  entry: Serialized<NonNullable<AdmissionState['entry']>> | null;
  /** Null for who has none. */
  accountName: string | null;
  /** In the organization, by now; null for who is no active member. */
  memberRole: string | null;
  /** Whether it is a direct room that they have nothing to do with. */
  stranger: boolean;
}

/**
 * Everything that a join request of this identity needs to know, as one document; `room-door.sql` makes it. Its `door` is
 * null when there is no such room.
 */
export function selectAdmissionState(q: Queries, organizationId: string, roomId: string, identity: string) {
  return q
    .select({ state: sql<SerializedAdmissionState | null>`state` })
    .from(sql`room_door(${organizationId}, ${roomId}, ${identity}) as state`);
}
