import type { Ctx } from '../../kernel/context/index.ts';
import { type Page, pageOf, type PageQuery, readCursor } from '../../kernel/core/index.ts';
import type { RoomAccessRequest } from '../../rooms/access/index.ts';
import {
  type FileCompression,
  isOver,
  selectCompression,
  selectCompressions,
} from '../file-compressions/index.ts';
import { getRecording, type Recording } from '../recordings/index.ts';
import { endRecordingCompression } from './end-recording-compression.ts';
import { recordingCompressionErrors } from './recording-compressions.errors.ts';

/** The compressions of a recording, newest first. @throws AppError as `getRecording` */
export async function listCompressions(
  ctx: Ctx,
  request: RoomAccessRequest,
  recordingId: string,
  { limit, cursor }: PageQuery,
): Promise<Page<FileCompression>> {
  const page = { before: readCursor(cursor), limit };
  await getRecording(ctx, request, recordingId);
  const subject = { organizationId: ctx.organizationId, recordingId };
  const [rows] = await ctx.read((q) => [selectCompressions(q, subject, page)]);
  return pageOf(rows, limit, ({ id }) => id);
}

async function findCompression(
  ctx: Ctx,
  request: RoomAccessRequest,
  { recordingId, compressionId }: { recordingId: string; compressionId: string },
): Promise<{ recording: Recording; compression: FileCompression }> {
  const recording = await getRecording(ctx, request, recordingId);
  const subject = { organizationId: ctx.organizationId, recordingId };
  const [[compression]] = await ctx.read((q) => [selectCompression(q, subject, compressionId)]);
  if (!compression) throw recordingCompressionErrors.notFound();
  return { recording, compression };
}

/** @throws AppError as `getRecording`, or `recording_compressions.not_found` */
export const getCompression = async (
  ctx: Ctx,
  request: RoomAccessRequest,
  ids: { recordingId: string; compressionId: string },
): Promise<FileCompression> => (await findCompression(ctx, request, ids)).compression;

/**
 * Cancels a compression: the file of the recording stays. A compression that is over does not change.
 * @throws AppError as `getCompression`; `request.stale` when it changed at the same moment
 */
export async function cancelCompression(
  ctx: Ctx,
  request: RoomAccessRequest,
  ids: { recordingId: string; compressionId: string },
): Promise<FileCompression> {
  const { recording, compression } = await findCompression(ctx, request, ids);
  return isOver(compression)
    ? compression
    : endRecordingCompression(ctx, compression, recording, { state: 'cancelled', reason: 'requested' });
}
