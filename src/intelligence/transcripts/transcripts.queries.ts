import { and, desc, eq, isNull, lte, or, type SQL, sql } from 'drizzle-orm';
import { organizations } from '../../identity/organizations/organizations.tables.ts';
import {
  changeVersioned,
  deleteVersioned,
  inTurn,
  isBefore,
  mustHold,
  type Queries,
  type Statement,
} from '../../kernel/db/index.ts';
import { calls } from '../../calls/calls/calls.tables.ts';
import { buckets } from '../../media/buckets/buckets.tables.ts';
import type { Bucket } from '../../media/buckets/index.ts';
import { type FileViewer, isLive, isOpenTo } from '../../media/files/index.ts';
import { files } from '../../media/files/files.tables.ts';
import { recordings } from '../../media/recordings/recordings.tables.ts';
import { forgetMemoriesOf } from './segments.queries.ts';
import { transcriptErrors } from './transcripts.errors.ts';
import type { TranscriptionGround } from './transcripts.rules.ts';
import { type Transcription, transcriptions } from './transcripts.tables.ts';

/** Most running transcriptions of an organization. */
const MAX_OPEN = 20;

/** Inserts a transcription. Commits of one organization wait for each other, so that each counts all earlier ones. */
export function insertTranscription(q: Queries, row: Transcription): Statement[] {
  const { organizationId, fileId, recordingId } = row;
  const open = sql`select from ${transcriptions} where ${transcriptions.organizationId} = ${organizationId}
    and ${transcriptions.endedAt} is null and ${transcriptions.callId} is null`;
  const ofSame =
    recordingId === null
      ? sql`${open} and ${transcriptions.fileId} = ${fileId}`
      : sql`${open} and ${transcriptions.recordingId} = ${recordingId}`;
  return [
    q.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`transcription:${organizationId}`}, 0))`),
    mustHold(q, sql`not exists (${ofSame})`, transcriptErrors.alreadyRunning),
    q.insert(transcriptions).values(row),
    mustHold(q, sql`(select count(*) from (${open}) as open) <= ${MAX_OPEN}::int`, transcriptErrors.tooMany),
  ];
}

const isThis = (organizationId: string, transcriptionId: string) =>
  and(eq(transcriptions.organizationId, organizationId), eq(transcriptions.id, transcriptionId));

/** A transcription with the room of its recording or call. */
export const selectTranscription = (q: Queries, organizationId: string, transcriptionId: string) =>
  q
    .select({
      transcription: transcriptions,
      roomId: sql<string | null>`coalesce(${recordings.roomId}, ${calls.roomId})`,
      recordedCallId: recordings.callId,
    })
    .from(transcriptions)
    .leftJoin(recordings, eq(recordings.id, transcriptions.recordingId))
    .leftJoin(calls, eq(calls.id, transcriptions.callId))
    .where(isThis(organizationId, transcriptionId));

export interface TranscriptionPage {
  before: string | undefined;
  limit: number;
  /** Words that the transcript must contain; undefined for all. */
  text: string | undefined;
}

const says = (organizationId: string, text: string | undefined): SQL | undefined =>
  text === undefined
    ? undefined
    : sql`${transcriptions.id} in (select transcription_id from find_transcripts(${organizationId}, ${text}))`;

/** Transcriptions of files that the viewer may read, newest first; one more than `limit`. */
export const selectTranscriptionsOfFiles = (
  q: Queries,
  reader: { organizationId: string; viewer: FileViewer; now: Date; fileId: string | undefined },
  { before, limit, text }: TranscriptionPage,
) =>
  q
    .select({ transcription: transcriptions })
    .from(transcriptions)
    .innerJoin(files, eq(files.id, transcriptions.fileId))
    .where(
      and(
        eq(transcriptions.organizationId, reader.organizationId),
        reader.fileId === undefined ? undefined : eq(transcriptions.fileId, reader.fileId),
        isLive(reader.now),
        isOpenTo(reader.viewer),
        isBefore(transcriptions.id, before),
        says(reader.organizationId, text),
      ),
    )
    .orderBy(desc(transcriptions.id))
    .limit(limit + 1);

/** Transcriptions of the recordings and the calls of a room, newest first; one more than `limit`. */
export const selectTranscriptionsOfRoom = (
  q: Queries,
  organizationId: string,
  roomId: string,
  { before, limit, text }: TranscriptionPage,
) =>
  q
    .select({ transcription: transcriptions })
    .from(transcriptions)
    .leftJoin(recordings, eq(recordings.id, transcriptions.recordingId))
    .leftJoin(calls, eq(calls.id, transcriptions.callId))
    .where(
      and(
        eq(transcriptions.organizationId, organizationId),
        or(eq(recordings.roomId, roomId), eq(calls.roomId, roomId)),
        isBefore(transcriptions.id, before),
        says(organizationId, text),
      ),
    )
    .orderBy(desc(transcriptions.id))
    .limit(limit + 1);

/** The facts that are needed to continue a transcription. */
export interface TranscriptionToAdvance extends TranscriptionGround {
  transcription: Transcription;
  bucket: Bucket | null;
}

export const selectTranscriptionToAdvance = (q: Queries, organizationId: string, transcriptionId: string) =>
  q
    .select({
      transcription: transcriptions,
      file: files,
      recording: recordings,
      bucket: buckets,
      isOrganizationDeleted: sql<boolean>`${organizations.deletedAt} is not null`,
    })
    .from(transcriptions)
    .leftJoin(files, eq(files.id, transcriptions.fileId))
    .leftJoin(recordings, eq(recordings.id, transcriptions.recordingId))
    .leftJoin(buckets, eq(buckets.id, recordings.bucketId))
    .innerJoin(organizations, eq(organizations.id, transcriptions.organizationId))
    .where(isThis(organizationId, transcriptionId));

/** Running transcriptions without a change since a moment, in no order. */
export const selectQuietTranscriptions = (q: Queries, before: Date, limit: number) =>
  q
    .select({ id: transcriptions.id, organizationId: transcriptions.organizationId })
    .from(transcriptions)
    .where(
      and(
        isNull(transcriptions.endedAt),
        isNull(transcriptions.callId),
        lte(transcriptions.updatedAt, before),
      ),
    )
    .orderBy(inTurn(transcriptions.id, before))
    .limit(limit);

/** Changes the row if it still has the version that was read; otherwise the commit fails with `request.stale`. */
export const changeTranscription = (q: Queries, row: Transcription, set: Partial<Transcription>) =>
  changeVersioned(q, transcriptions, row, set);

/** Deletes it with its segments, their corrections, and the memories based on it. */
export const deleteTranscriptionRow = (q: Queries, row: Transcription): Statement[] => [
  deleteVersioned(q, transcriptions, row),
  forgetMemoriesOf(q, row.organizationId, [row.id]),
];

/** All transcriptions of a recording. */
export const selectTranscriptionsOfRecording = (q: Queries, organizationId: string, recordingId: string) =>
  q
    .select()
    .from(transcriptions)
    .where(
      and(eq(transcriptions.organizationId, organizationId), eq(transcriptions.recordingId, recordingId)),
    );

/** Deletes all transcriptions of a recording. */
export const deleteTranscriptionsOfRecording = (q: Queries, organizationId: string, recordingId: string) =>
  q
    .delete(transcriptions)
    .where(
      and(eq(transcriptions.organizationId, organizationId), eq(transcriptions.recordingId, recordingId)),
    );

/** Inserts the transcription of a call, which runs as long as its captions. */
export const insertCallTranscription = (q: Queries, row: Transcription) =>
  q.insert(transcriptions).values(row);

/** Ends the transcription of a call; one that was deleted meanwhile stays deleted. */
export const endCallTranscription = (
  q: Queries,
  { organizationId, id }: Pick<Transcription, 'organizationId' | 'id'>,
  set: Pick<Transcription, 'endedAt' | 'durationMs'>,
) =>
  q
    .update(transcriptions)
    .set({ ...set, state: 'ready', version: sql`${transcriptions.version} + 1` })
    .where(isThis(organizationId, id));

/** Removes a user as the one who asked for transcriptions, in all organizations. */
export const forgetPersonInTranscriptions = (q: Queries, userId: string) =>
  q.update(transcriptions).set({ requestedBy: null }).where(eq(transcriptions.requestedBy, userId));
