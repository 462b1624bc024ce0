import type { Ctx } from '../../kernel/context/index.ts';
import type { CompressedCopy } from '../compression/index.ts';
import { fileKey, replaceBytes } from '../files/index.ts';
import {
  commitEnd,
  type CompressionEnd,
  type CompressionToAdvance,
  type FileCompression,
  nameAfter,
} from '../file-compressions/index.ts';
import { endRecordingCompression } from '../recording-compressions/index.ts';
import { copyKeyOf as recordingCopyKey } from '../recording-objects/index.ts';

/** Where a compression's bytes are in object storage: those that it works on, and those of its copy. */
export interface CompressionKeys {
  sourceKey: string;
  copyKey: string;
}

/** The keys of a compression before it is over: then a recording names its copy. */
export function keysOf({ compression, recording }: CompressionToAdvance): CompressionKeys {
  const { id, organizationId, fileId } = compression;
  if (recording)
    return { sourceKey: recording.objectKey, copyKey: recordingCopyKey(recording.objectKey, id) };
  const keyOf = (objectSuffix: string | null) => fileKey({ organizationId, id: fileId!, objectSuffix });
  return { sourceKey: keyOf(null), copyKey: keyOf(id) };
}

/** SHA-256 of the bytes that a compression works on; null when it is not known. */
export const checksumOf = ({ file, recording }: CompressionToAdvance): string | null =>
  (file ?? recording)?.checksum ?? null;

/** A copy that is in object storage. */
export interface StoredCopy extends CompressedCopy {
  etag: string;
}

/**
 * Ends a compression, and what its file or its recording becomes by that.
 * @param copy takes the place of the bytes
 * @throws AppError `request.stale` when one of them changed at the same moment
 */
export function endRun(
  ctx: Ctx,
  row: CompressionToAdvance,
  end: CompressionEnd,
  copy?: StoredCopy,
): Promise<FileCompression> {
  const { compression, file, recording } = row;
  if (recording) {
    const replaced = copy && {
      objectKey: keysOf(row).copyKey,
      sizeBytes: copy.sizeBytes,
      etag: copy.etag,
      checksum: copy.checksum,
    };
    return endRecordingCompression(ctx, compression, recording, end, replaced);
  }
  if (!copy || !file) return commitEnd(ctx, compression, end);
  const { sizeBytes, checksum, contentType } = copy;
  const bytes = { objectSuffix: compression.id, sizeBytes, checksum, contentType };
  const name = nameAfter(file.name, contentType);
  const now = new Date(ctx.clock.now());
  return commitEnd(ctx, compression, end, { write: (q) => [replaceBytes(q, file, { ...bytes, name }, now)] });
}
