import type { Ctx } from '../../kernel/context/index.ts';
import {
  actorId,
  type Page,
  pageOf,
  type PageQuery,
  readCursor,
  requestErrors,
  requirePermission,
} from '../../kernel/core/index.ts';
import { mayChange } from '../../media/files/index.ts';
import { isGone, selectRecordingById } from '../../media/recordings/index.ts';
import { getTranscription, type ReadTranscription } from './read-transcriptions.ts';
import { correctSegmentRow, forgetMemoriesOf, selectCorrections, selectSegment } from './segments.queries.ts';
import type { CorrectSegment } from './segments.schemas.ts';
import { countedEventOf } from './transcription-records.ts';
import { transcriptErrors } from './transcripts.errors.ts';
import { transcriptCorrected } from './transcripts.events.ts';
import {
  deleteTranscriptionRow,
  deleteTranscriptionsOfRecording,
  selectTranscriptionsOfRecording,
} from './transcripts.queries.ts';
import { isOver } from './transcripts.rules.ts';
import type { Correction, Segment } from './transcripts.tables.ts';

/** A transcription that the caller may change: they asked for it, may change its file, or moderate the room of its recording. */
export async function requireChangeable(ctx: Ctx, transcriptionId: string): Promise<ReadTranscription> {
  requirePermission(ctx.actor, 'transcripts:write');
  const found = await getTranscription(ctx, transcriptionId);
  const { file, transcription } = found;
  if (file && !mayChange(ctx.actor, file) && transcription.requestedBy !== actorId(ctx.actor))
    throw transcriptErrors.notFound();
  return found;
}

/** Deletes a transcription; a running one stops. @throws AppError as `getTranscription`; `request.stale` */
export async function deleteTranscription(ctx: Ctx, transcriptionId: string): Promise<void> {
  const { transcription } = await requireChangeable(ctx, transcriptionId);
  const { fileId, recordingId, state } = transcription;
  await ctx.commit({
    write: (q) => deleteTranscriptionRow(q, transcription),
    audit: {
      action: 'transcription.deleted',
      target: { type: 'transcription', id: transcriptionId },
      before: { fileId, recordingId, state },
    },
    events: isOver(state) || transcription.callId !== null ? [] : [countedEventOf(transcription)],
    result: undefined,
  });
}

async function findSegment(ctx: Ctx, transcriptionId: string, position: number): Promise<Segment> {
  const [[segment]] = await ctx.read((q) => [
    selectSegment(q, ctx.organizationId, transcriptionId, position),
  ]);
  if (!segment) throw transcriptErrors.segmentNotFound();
  return segment;
}

/**
 * Corrects the text of a segment; the earlier text is kept with the person who changed it.
 * @throws AppError as `getTranscription`, `transcripts.segment_not_found`, or `request.stale` for another version
 */
export async function correctSegment(
  ctx: Ctx,
  transcriptionId: string,
  { position, text, version }: CorrectSegment,
): Promise<Segment> {
  await requireChangeable(ctx, transcriptionId);
  const segment = await findSegment(ctx, transcriptionId, position);
  if (version !== undefined && version !== segment.version) throw requestErrors.stale();
  if (text === segment.text) return segment;
  const createdAt = new Date(ctx.clock.now());
  const { organizationId } = ctx;
  const correctedBy = actorId(ctx.actor)!; // the system has no permissions
  const row: Correction = {
    id: ctx.ids.create('correction'),
    organizationId,
    transcriptionId,
    position,
    previousText: segment.text,
    text,
    correctedBy,
    createdAt,
  };
  return ctx.commit({
    write: (q) => correctSegmentRow(q, segment, row),
    audit: {
      action: 'transcription.corrected',
      target: { type: 'transcription', id: transcriptionId },
      after: { position, correctionId: row.id },
    },
    events: [transcriptCorrected.of({ transcriptionId })],
    result: { ...segment, text, correctedBy, correctedAt: createdAt, version: segment.version + 1 },
  });
}

/** The corrections of a transcript, newest first. @throws AppError as `getTranscription` */
export async function listCorrections(
  ctx: Ctx,
  transcriptionId: string,
  { limit, cursor }: PageQuery,
): Promise<Page<Correction>> {
  await getTranscription(ctx, transcriptionId);
  const before = readCursor(cursor);
  const [rows] = await ctx.read((q) => [
    selectCorrections(q, ctx.organizationId, transcriptionId, { before, limit }),
  ]);
  return pageOf(rows, limit, ({ id }) => id);
}

/** Deletes the transcriptions of a recording whose file is deleted. */
export async function eraseTranscripts(ctx: Ctx, { recordingId }: { recordingId: string }): Promise<void> {
  const { organizationId } = ctx;
  const [[recording], made] = await ctx.read((q) => [
    selectRecordingById(q, organizationId, recordingId),
    selectTranscriptionsOfRecording(q, organizationId, recordingId),
  ]);
  if (made.length === 0 || (recording && !isGone(recording.state))) return;
  await ctx.commit({
    write: (q) => [
      deleteTranscriptionsOfRecording(q, organizationId, recordingId),
      forgetMemoriesOf(
        q,
        organizationId,
        made.map(({ id }) => id),
      ),
    ],
    audit: {
      action: 'transcription.erased',
      target: { type: 'recording', id: recordingId },
      after: { reason: 'recording_gone' },
    },
    events: made.filter(({ state }) => !isOver(state)).map(countedEventOf),
    result: undefined,
  });
}
