import type { Ctx } from '../../kernel/context/index.ts';
import { commitEnd, type CompressionEnd, type FileCompression } from '../file-compressions/index.ts';
import { changeEventOf, changeRecording, moveTo, type Recording } from '../recordings/index.ts';

/** The copy that takes the place of a recording's bytes. */
export type ReplacedRecording = Pick<Recording, 'objectKey' | 'etag' | 'checksum'> & { sizeBytes: number };

/**
 * Ends a compression of a recording, which is ready again in the same commit, with the copy if there is one. A
 * recording that left its compression, because it is held or deleted, does not change.
 * @throws AppError `request.stale` when the recording or the compression changed at the same moment
 */
export function endRecordingCompression(
  ctx: Ctx,
  compression: FileCompression,
  recording: Recording,
  end: CompressionEnd,
  copy?: ReplacedRecording,
): Promise<FileCompression> {
  if (recording.state !== 'compressing') return commitEnd(ctx, compression, end);
  const now = new Date(ctx.clock.now());
  const change = {
    ...moveTo(recording, 'ready', recording.reason, now.getTime()),
    ...(copy ? { ...copy, storedBytes: copy.sizeBytes } : {}),
  };
  return commitEnd(ctx, compression, end, {
    write: (q) => [changeRecording(q, recording, { ...change, updatedAt: now })],
    events: [changeEventOf({ ...recording, ...change })],
  });
}
