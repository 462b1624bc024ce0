import { and, desc, eq, inArray, isNotNull, isNull, ne, sql } from 'drizzle-orm';
import { callParticipants, calls } from '../../calls/calls/calls.tables.ts';
import { entitledToFeature, holdFeature } from '../../identity/entitlements/index.ts';
import { organizations } from '../../identity/organizations/organizations.tables.ts';
import { requestErrors } from '../../kernel/core/index.ts';
import { changeVersioned, isBefore, mustHold, type Queries, type Statement } from '../../kernel/db/index.ts';
import { links } from '../../rooms/links/links.tables.ts';
import { rooms } from '../../rooms/rooms/rooms.tables.ts';
import { consentColumns } from '../../rooms/recording-consents/index.ts';
import { buckets } from '../buckets/buckets.tables.ts';
import type { Bucket } from '../buckets/index.ts';
import {
  type ConsentGround,
  OPEN_STATES,
  type RecordingChange,
  type RecordingGround,
  type RecordingScope,
  RUNNING_STATES,
} from './recordings.rules.ts';
import { type Recording, recordings } from './recordings.tables.ts';
import { isStorageFull } from './storage-left.queries.ts';

/** Inserts a recording, if the plan of the organization has recordings. */
export const insertRecording = (q: Queries, row: Recording): Statement[] => [
  q.insert(recordings).values(row),
  holdFeature(q, { organizationId: row.organizationId, now: row.createdAt, feature: 'recordings' }),
];

/** A guest has the recordings of calls in which they have or had a seat, by a link that allows recordings. */
const isOpenTo = ({ organizationId, roomId, guest }: RecordingScope) =>
  and(
    eq(recordings.organizationId, organizationId),
    eq(recordings.roomId, roomId),
    guest === null
      ? undefined
      : sql`exists (select from ${callParticipants} left join ${links} on ${links.id} = ${callParticipants.linkId}
          where ${callParticipants.callId} = ${recordings.callId} and ${callParticipants.identity} = ${guest}
            and ${links.enableRecording} is not false)`,
  );

/** A recording with the bucket that it is in, if that is still there. */
export const selectRecording = (q: Queries, scope: RecordingScope, recordingId: string) =>
  q
    .select({ recording: recordings, bucket: buckets })
    .from(recordings)
    .leftJoin(buckets, eq(buckets.id, recordings.bucketId))
    .where(and(isOpenTo(scope), eq(recordings.id, recordingId)));

/** A recording of whichever room, for the system. */
export const selectRecordingById = (q: Queries, organizationId: string, recordingId: string) =>
  q
    .select()
    .from(recordings)
    .where(and(eq(recordings.organizationId, organizationId), eq(recordings.id, recordingId)));

/** The recordings of a room that are not deleted, newest first. */
export const selectRecordings = (
  q: Queries,
  scope: RecordingScope,
  { before, limit }: { before: string | undefined; limit: number },
) =>
  q
    .select()
    .from(recordings)
    .where(and(isOpenTo(scope), ne(recordings.state, 'deleted'), isBefore(recordings.id, before)))
    .orderBy(desc(recordings.id))
    .limit(limit + 1);

/** What decides the next step of a recording. */
export interface RecordingToAdvance extends RecordingGround, ConsentGround {
  recording: Recording;
  bucket: Bucket | null;
}

export const selectRecordingToAdvance = (
  q: Queries,
  organizationId: string,
  recordingId: string,
  now: Date,
) =>
  q
    .select({
      recording: recordings,
      bucket: buckets,
      callStatus: calls.status,
      isRoomDeleted: sql<boolean>`${rooms.deletedAt} is not null`,
      isOrganizationDeleted: sql<boolean>`${organizations.deletedAt} is not null`,
      isSwitchedOn: sql<boolean>`coalesce((${rooms.features} ->> 'recording')::boolean, true)`,
      isIncluded: sql<boolean>`${entitledToFeature('recordings', { organizationId, now })} = 1`,
      isStorageFull: sql<boolean>`${recordings.storage} = 'product' and ${isStorageFull(organizationId, now)}`,
      ...consentColumns(recordings, now),
    })
    .from(recordings)
    .innerJoin(calls, eq(calls.id, recordings.callId))
    .innerJoin(rooms, eq(rooms.id, recordings.roomId))
    .innerJoin(organizations, eq(organizations.id, recordings.organizationId))
    .leftJoin(buckets, eq(buckets.id, recordings.bucketId))
    .where(and(eq(recordings.organizationId, organizationId), eq(recordings.id, recordingId)));

const isOpen = inArray(recordings.state, [...OPEN_STATES]);
/** The recordings of a call that are not over. */
export const selectOpenRecordings = (q: Queries, callId: string) =>
  q
    .select({ id: recordings.id, organizationId: recordings.organizationId })
    .from(recordings)
    .where(and(eq(recordings.callId, callId), isOpen));

/** The running recordings of a call that need the consent of everybody in it. */
export const selectRecordingsWithConsent = (q: Queries, organizationId: string, callId: string) =>
  q
    .select({ id: recordings.id })
    .from(recordings)
    .where(
      and(
        eq(recordings.organizationId, organizationId),
        eq(recordings.callId, callId),
        isNotNull(recordings.consentDueAt),
        inArray(recordings.state, [...RUNNING_STATES]),
      ),
    );

/** Changes the row if it still has the version that was read; otherwise the commit fails with `request.stale`. */
export const changeRecording = (
  q: Queries,
  row: Recording,
  set: RecordingChange & Partial<Pick<Recording, 'heldBy' | 'heldFor' | 'updatedAt'>>,
) => changeVersioned(q, recordings, row, set);

/** Fails the commit with `request.stale` when somebody in the call has not agreed to the recording. */
export const mustHaveConsent = (q: Queries, { organizationId, id }: Recording, now: Date) =>
  mustHold(
    q,
    sql`(select not ${consentColumns(recordings, now).isConsentMissing} from ${recordings}
      where ${and(eq(recordings.organizationId, organizationId), eq(recordings.id, id))})`,
    requestErrors.stale,
  );

/** Asks a recording to stop, whatever changes it at the same moment. */
export const stopRunning = (q: Queries, { organizationId, id }: Recording, at: Date) =>
  q
    .update(recordings)
    .set({
      stopRequestedAt: at,
      stopReason: 'requested',
      updatedAt: at,
      version: sql`${recordings.version} + 1`,
    })
    .where(
      and(
        eq(recordings.organizationId, organizationId),
        eq(recordings.id, id),
        isNull(recordings.stopRequestedAt),
        isOpen,
      ),
    );
