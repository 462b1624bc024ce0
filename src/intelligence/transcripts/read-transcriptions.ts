import type { Ctx } from '../../kernel/context/index.ts';
import { hasStatus, type Page, pageOf, readCursor, requirePermission } from '../../kernel/core/index.ts';
import { fileViewerOf, type FileRow, getFile } from '../../media/files/index.ts';
import { findRecording } from '../../media/recordings/index.ts';
import { requireModerator, requireRoomAccess } from '../../rooms/access/index.ts';
import { selectSegments } from './segments.queries.ts';
import { transcriptErrors } from './transcripts.errors.ts';
import type { FoundTranscription } from './transcripts.present.ts';
import {
  selectTranscription,
  selectTranscriptionsOfFiles,
  selectTranscriptionsOfRoom,
} from './transcripts.queries.ts';
import type { ListSegments, ListTranscriptions } from './transcripts.schemas.ts';
import type { Segment } from './transcripts.tables.ts';

/** Most segments of a transcript: eight hours with one each second. */
export const MOST_SEGMENTS = 30_000;

export interface ReadTranscription extends FoundTranscription {
  /** The file that it transcribes, if it is one. */
  file: FileRow | null;
  /** The call of its recording; null without a recording. */
  recordedCallId: string | null;
}

/** Turns a refusal into not found. */
async function orNotFound<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (hasStatus(error, 403, 404)) throw transcriptErrors.notFound();
    throw error;
  }
}

/**
 * A transcription whose file, recording or call the caller may read.
 * @throws AppError `transcripts.not_found`, also for one that is hidden; `auth.forbidden`
 */
export async function getTranscription(ctx: Ctx, transcriptionId: string): Promise<ReadTranscription> {
  requirePermission(ctx.actor, 'transcripts:read');
  const [[found]] = await ctx.read((q) => [selectTranscription(q, ctx.organizationId, transcriptionId)]);
  if (!found) throw transcriptErrors.notFound();
  const { transcription, roomId } = found;
  if (transcription.fileId !== null)
    return { ...found, file: await orNotFound(getFile(ctx, transcription.fileId)) };
  if (roomId === null) throw transcriptErrors.notFound();
  if (transcription.callId === null)
    await orNotFound(findRecording(ctx, { roomId }, transcription.recordingId!));
  else
    await orNotFound(
      requireRoomAccess(ctx, { roomId, alsoDeleted: true }).then(([access]) => requireModerator(access)),
    );
  return { ...found, file: null };
}

/**
 * Transcriptions of the files that the caller may read, or of the recordings and calls of a room that they moderate, newest first.
 * @throws AppError `rooms.not_found`, `moderation.not_moderator`, `auth.forbidden`
 */
export async function listTranscriptions(
  ctx: Ctx,
  { limit, cursor, fileId, roomId, q: text }: ListTranscriptions,
): Promise<Page<FoundTranscription>> {
  requirePermission(ctx.actor, 'transcripts:read');
  const page = { before: readCursor(cursor), limit, text };
  const { organizationId } = ctx;
  const pageFrom = (rows: { transcription: FoundTranscription['transcription'] }[]) =>
    pageOf(
      rows.map(({ transcription }) => ({ transcription, roomId: roomId ?? null })),
      limit,
      ({ transcription }) => transcription.id,
    );
  if (roomId === undefined) {
    const reader = {
      organizationId,
      viewer: fileViewerOf(ctx.actor),
      now: new Date(ctx.clock.now()),
      fileId,
    };
    const [rows] = await ctx.read((q) => [selectTranscriptionsOfFiles(q, reader, page)]);
    return pageFrom(rows);
  }
  const [access, rows] = await requireRoomAccess(ctx, { roomId, alsoDeleted: true }, (q) => [
    selectTranscriptionsOfRoom(q, organizationId, roomId, page),
  ]);
  requireModerator(access);
  return pageFrom(fileId === undefined ? rows : []);
}

/** The segments in the order of time. @throws AppError as `getTranscription` */
export async function listSegments(
  ctx: Ctx,
  transcriptionId: string,
  { limit, cursor, q: text }: ListSegments,
): Promise<Page<Segment>> {
  await getTranscription(ctx, transcriptionId);
  const after = Number(readCursor(cursor) ?? -1);
  if (!Number.isInteger(after)) return { data: [], nextCursor: null };
  const [rows] = await ctx.read((q) => [
    selectSegments(q, ctx.organizationId, transcriptionId, { after, limit, text }),
  ]);
  return pageOf(rows, limit, ({ position }) => String(position));
}

/** All of a transcript that is ready. @throws AppError as `getTranscription`, or `transcripts.not_ready` */
export async function readTranscript(
  ctx: Ctx,
  transcriptionId: string,
): Promise<ReadTranscription & { segments: readonly Segment[] }> {
  const found = await getTranscription(ctx, transcriptionId);
  if (found.transcription.state !== 'ready') throw transcriptErrors.notReady();
  const [segments] = await ctx.read((q) => [
    selectSegments(q, ctx.organizationId, transcriptionId, { after: -1, limit: MOST_SEGMENTS }),
  ]);
  return { ...found, segments };
}
