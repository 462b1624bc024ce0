import { and, desc, eq, isNull, lte, sql } from 'drizzle-orm';
import { calls } from '../../calls/calls/calls.tables.ts';
import { changeVersioned, inTurn, isBefore, type Queries, type Statement } from '../../kernel/db/index.ts';
import { recordings } from '../../media/recordings/recordings.tables.ts';
import { transcriptions } from '../transcripts/transcripts.tables.ts';
import { type WorkflowRun, workflowRuns } from './workflow-runs.tables.ts';

/** Inserts a run, unless the workflow already has one for this call. */
export const insertRun = (q: Queries, row: WorkflowRun): Statement =>
  q.insert(workflowRuns).values(row).onConflictDoNothing();

const isOf = (organizationId: string) => eq(workflowRuns.organizationId, organizationId);

export const selectWorkflowRun = (q: Queries, organizationId: string, runId: string) =>
  q
    .select()
    .from(workflowRuns)
    .where(and(isOf(organizationId), eq(workflowRuns.id, runId)));

export const selectRunOfRoom = (q: Queries, organizationId: string, roomId: string, runId: string) =>
  q
    .select()
    .from(workflowRuns)
    .where(and(isOf(organizationId), eq(workflowRuns.roomId, roomId), eq(workflowRuns.id, runId)));

/** The newest first; one more than `limit`. */
export const selectWorkflowRuns = (
  q: Queries,
  organizationId: string,
  { roomId, callId }: { roomId: string; callId: string | undefined },
  { before, limit }: { before: string | undefined; limit: number },
) =>
  q
    .select()
    .from(workflowRuns)
    .where(
      and(
        isOf(organizationId),
        eq(workflowRuns.roomId, roomId),
        callId === undefined ? undefined : eq(workflowRuns.callId, callId),
        isBefore(workflowRuns.id, before),
      ),
    )
    .orderBy(desc(workflowRuns.id))
    .limit(limit + 1);

/** Running runs of a call. */
export const selectRunningOfCall = (q: Queries, organizationId: string, callId: string) =>
  q
    .select()
    .from(workflowRuns)
    .where(and(isOf(organizationId), eq(workflowRuns.callId, callId), isNull(workflowRuns.endedAt)));

export const selectRunningOfRoom = (q: Queries, organizationId: string, roomId: string) =>
  q
    .select()
    .from(workflowRuns)
    .where(and(isOf(organizationId), eq(workflowRuns.roomId, roomId), isNull(workflowRuns.endedAt)));

export const selectRunsOfTranscription = (q: Queries, organizationId: string, transcriptionId: string) =>
  q
    .select()
    .from(workflowRuns)
    .where(and(isOf(organizationId), eq(workflowRuns.transcriptionId, transcriptionId)));

export const selectRunsOfSummary = (q: Queries, organizationId: string, summaryId: string) =>
  q
    .select()
    .from(workflowRuns)
    .where(and(isOf(organizationId), eq(workflowRuns.summaryId, summaryId), isNull(workflowRuns.endedAt)));

/** The call of a transcription, directly or through its recording. */
export const selectCallOfTranscription = (q: Queries, organizationId: string, transcriptionId: string) =>
  q
    .select({ callId: calls.id, roomId: calls.roomId })
    .from(transcriptions)
    .leftJoin(recordings, eq(recordings.id, transcriptions.recordingId))
    .innerJoin(calls, eq(calls.id, sql`coalesce(${transcriptions.callId}, ${recordings.callId})`))
    .where(and(eq(transcriptions.organizationId, organizationId), eq(transcriptions.id, transcriptionId)));

/** The transcripts of live captions of a call, newest first. */
export const selectCaptionTranscripts = (q: Queries, organizationId: string, callId: string) =>
  q
    .select()
    .from(transcriptions)
    .where(and(eq(transcriptions.organizationId, organizationId), eq(transcriptions.callId, callId)))
    .orderBy(desc(transcriptions.id));

/** Recordings of the whole call, newest first. */
export const selectRecordingsOfCall = (q: Queries, organizationId: string, callId: string) =>
  q
    .select()
    .from(recordings)
    .where(
      and(
        eq(recordings.organizationId, organizationId),
        eq(recordings.callId, callId),
        eq(recordings.subject, ''),
      ),
    )
    .orderBy(desc(recordings.id));

/** Transcriptions of such recordings, newest first. */
export const selectRecordingTranscripts = (q: Queries, organizationId: string, callId: string) =>
  q
    .select({ transcription: transcriptions })
    .from(transcriptions)
    .innerJoin(recordings, eq(recordings.id, transcriptions.recordingId))
    .where(and(eq(transcriptions.organizationId, organizationId), eq(recordings.callId, callId)))
    .orderBy(desc(transcriptions.id));

/** Running runs without a change since a moment, in no order. */
export const selectQuietRuns = (q: Queries, before: Date, limit: number) =>
  q
    .select({ id: workflowRuns.id, organizationId: workflowRuns.organizationId })
    .from(workflowRuns)
    .where(and(isNull(workflowRuns.endedAt), lte(workflowRuns.updatedAt, before)))
    .orderBy(inTurn(workflowRuns.id, before))
    .limit(limit);

/** Changes the row if it still has the version that was read; otherwise the commit fails with `request.stale`. */
export const changeRun = (q: Queries, row: WorkflowRun, set: Partial<WorkflowRun>): Statement =>
  changeVersioned(q, workflowRuns, row, set);
