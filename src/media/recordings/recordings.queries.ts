import { and, asc, desc, eq, inArray, isNotNull, ne, or } from 'drizzle-orm';
import { changeVersioned, isBefore, type Queries } from '../../kernel/db/index.ts';
import type { Bucket } from '../buckets/index.ts';
import { calls } from '../../calls/calls/calls.tables.ts';
import { buckets } from '../buckets/buckets.tables.ts';
import type { RecordingChange } from './recordings.rules.ts';
import { type Recording, recordings } from './recordings.tables.ts';

export const insertRecording = (q: Queries, row: Recording) => q.insert(recordings).values(row);

const isInRoom = (organizationId: string, roomId: string) =>
  and(eq(recordings.organizationId, organizationId), eq(recordings.roomId, roomId));

/** A recording with the bucket that it is in, if that is still there. */
export const selectRecording = (q: Queries, organizationId: string, roomId: string, recordingId: string) =>
  q
    .select({ recording: recordings, bucket: buckets })
    .from(recordings)
    .leftJoin(buckets, eq(buckets.id, recordings.bucketId))
    .where(and(isInRoom(organizationId, roomId), eq(recordings.id, recordingId)));

/** The recordings of a room that are not deleted, newest first. */
export const selectRecordings = (
  q: Queries,
  organizationId: string,
  roomId: string,
  { before, limit }: { before: string | undefined; limit: number },
) =>
  q
    .select()
    .from(recordings)
    .where(
      and(isInRoom(organizationId, roomId), ne(recordings.state, 'deleted'), isBefore(recordings.id, before)),
    )
    .orderBy(desc(recordings.id))
    .limit(limit + 1);

/** What is needed to take a recording further. */
export interface RecordingToAdvance {
  recording: Recording;
  bucket: Bucket | null;
  callStatus: string;
}

export const selectRecordingToAdvance = (q: Queries, organizationId: string, recordingId: string) =>
  q
    .select({ recording: recordings, bucket: buckets, callStatus: calls.status })
    .from(recordings)
    .innerJoin(calls, eq(calls.id, recordings.callId))
    .leftJoin(buckets, eq(buckets.id, recordings.bucketId))
    .where(and(eq(recordings.organizationId, organizationId), eq(recordings.id, recordingId)));

const OPEN = ['requested', 'starting', 'active', 'finalizing', 'verifying'] as const;

/** Recordings that are not over, those in their state for longest first, and those that are to be deleted. */
export const selectRecordingsToSweep = (q: Queries, limit: number) =>
  q
    .select({ id: recordings.id, organizationId: recordings.organizationId })
    .from(recordings)
    .where(
      or(
        inArray(recordings.state, [...OPEN]),
        and(isNotNull(recordings.deleteRequestedAt), ne(recordings.state, 'deleted')),
      ),
    )
    .orderBy(asc(recordings.stateAt))
    .limit(limit);

/** The recordings of a call that are not over. */
export const selectOpenRecordings = (q: Queries, callId: string) =>
  q
    .select({ id: recordings.id, organizationId: recordings.organizationId })
    .from(recordings)
    .where(and(eq(recordings.callId, callId), inArray(recordings.state, [...OPEN])));

/** Changes the row if it still has the version that was read; otherwise the commit fails with `request.stale`. */
export const changeRecording = (
  q: Queries,
  row: Recording,
  set: RecordingChange & Partial<Pick<Recording, 'stopRequestedAt' | 'deleteRequestedAt' | 'updatedAt'>>,
) => changeVersioned(q, recordings, row, set);
