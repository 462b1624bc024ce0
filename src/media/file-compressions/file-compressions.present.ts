import { codecOf, pictureFormatOf } from './file-compressions.rules.ts';
import type { FileCompressionView } from './file-compressions.schemas.ts';
import type { FileCompression } from './file-compressions.tables.ts';

/** The view of a compression of a file or a recording. */
export const presentProgress = (
  compression: FileCompression,
): Omit<FileCompressionView, 'fileId' | 'pictureFormat'> => ({
  id: compression.id,
  state: compression.state,
  reason: compression.reason,
  detail: compression.detail,
  progress: compression.progress,
  codec: codecOf(compression),
  minSsim: compression.settings.minSsim,
  originalBytes: compression.sourceBytes,
  originalType: compression.sourceType,
  copyBytes: compression.copyBytes,
  copyType: compression.copyType,
  measurement: compression.figures,
  requestedBy: compression.requestedBy,
  createdAt: compression.createdAt.toISOString(),
  updatedAt: compression.updatedAt.toISOString(),
  endedAt: compression.endedAt?.toISOString() ?? null,
});

export const presentCompression = (compression: FileCompression): FileCompressionView => ({
  ...presentProgress(compression),
  fileId: compression.fileId!,
  pictureFormat: pictureFormatOf(compression),
});
