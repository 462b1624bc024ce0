import type { Ctx } from '../../kernel/context/index.ts';
import { type ErrorFactory, isStale } from '../../kernel/core/index.ts';
import type { RoomAccessRequest } from '../../rooms/access/index.ts';
import { readCopyConfig } from '../compression-config/index.ts';
import {
  actionOf,
  type CompressFile,
  type FileCompression,
  fileCompressionErrors,
  insertCompression,
  isBusy,
  isCompressible,
  planCompression,
  targetOf,
} from '../file-compressions/index.ts';
import { contentTypeOf } from '../recording-objects/index.ts';
import {
  changeEventOf,
  changeRecording,
  getRecording,
  moveTo,
  type Recording,
  recordingErrors,
} from '../recordings/index.ts';
import { recordingCompressionErrors } from './recording-compressions.errors.ts';
import { recordingCompressionRequested } from './recording-compressions.events.ts';
import { selectRecordingToCompress } from './recording-compressions.queries.ts';

/** The key of a copy has the id of the compression that made it. */
const isCopy = ({ objectKey }: Recording) => /\.cmp_[a-z0-9]+\./.test(objectKey);

/** Why a recording is not compressed; null when it may be. */
function obstacleOf({ ports }: Ctx, recording: Recording): ErrorFactory | null {
  const { storage, state, deleteRequestedAt, objectKey, sizeBytes } = recording;
  if (!ports.compressionTasks) return fileCompressionErrors.notConfigured;
  if (storage !== 'product') return recordingCompressionErrors.inBucket;
  if (state === 'compressing') return fileCompressionErrors.alreadyRunning;
  if (state === 'held') return recordingErrors.held;
  if (state !== 'ready' || deleteRequestedAt) return recordingErrors.notReady;
  if (isCopy(recording)) return recordingCompressionErrors.alreadyCompressed;
  const bytes = { contentType: contentTypeOf(objectKey), sizeBytes: sizeBytes ?? 0 };
  return isCompressible(bytes) ? null : recordingCompressionErrors.notCompressible;
}

async function commitCompression(
  ctx: Ctx,
  recording: Recording,
  input: CompressFile,
): Promise<FileCompression> {
  const { id: recordingId, organizationId, objectKey, roomId } = recording;
  const sizeBytes = recording.sizeBytes!;
  const source = {
    fileId: null,
    recordingId,
    organizationId,
    sizeBytes,
    contentType: contentTypeOf(objectKey),
  };
  const config = await readCopyConfig(ctx, { roomId, userId: null });
  const row = planCompression(ctx, source, input, config);
  const { id: compressionId, settings } = row;
  const change = moveTo(recording, 'compressing', recording.reason, ctx.clock.now());
  return ctx.commit({
    write: (q) => [
      ...insertCompression(q, row),
      changeRecording(q, recording, { ...change, updatedAt: row.createdAt }),
    ],
    audit: {
      action: actionOf(row, 'requested'),
      target: targetOf(row),
      after: { compressionId, settings, sourceBytes: sizeBytes },
    },
    events: [recordingCompressionRequested.of({ compressionId }), changeEventOf({ ...recording, ...change })],
    result: row,
  });
}

/**
 * Requests a smaller copy of a recording's file, which replaces it once it is verified.
 * @throws AppError as `getRecording`, `recordings.not_ready`, `recordings.held`, `recording_compressions.in_bucket`,
 * `recording_compressions.already_compressed`, `recording_compressions.not_compressible`,
 * `file_compressions.not_configured`, `file_compressions.already_running`, `file_compressions.too_many` or
 * `request.stale`
 */
export async function compressRecording(
  ctx: Ctx,
  request: RoomAccessRequest,
  recordingId: string,
  input: CompressFile,
): Promise<FileCompression> {
  const recording = await getRecording(ctx, request, recordingId);
  const obstacle = obstacleOf(ctx, recording);
  if (obstacle) throw obstacle();
  return commitCompression(ctx, recording, input);
}

/** Compresses a recording that has become ready, where the organization has set that, once. What cannot be compressed is left alone. */
export async function compressBySetting(ctx: Ctx, { recordingId }: { recordingId: string }): Promise<void> {
  const [[found]] = await ctx.read((q) => [selectRecordingToCompress(q, ctx.organizationId, recordingId)]);
  if (!found?.settings.compressRecordings || found.wasAsked || obstacleOf(ctx, found.recording)) return;
  try {
    await commitCompression(ctx, found.recording, {});
  } catch (error) {
    // A change of it at the same moment has an event of its own.
    if (!isBusy(error) && !isStale(error)) throw error;
  }
}
