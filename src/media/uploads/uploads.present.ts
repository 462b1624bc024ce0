import type { FileRow } from '../files/index.ts';
import type { OpenUploadView, UploadView } from './uploads.schemas.ts';

/** @param offset how many bytes are kept */
export const presentUpload = ({ file, offset }: { file: FileRow; offset: number }): UploadView => ({
  id: file.id,
  offsetBytes: offset,
  sizeBytes: file.sizeBytes,
  expiresAt: file.uploadEndsAt?.toISOString() ?? null,
});

export const presentOpenUpload = (file: FileRow): OpenUploadView => ({
  id: file.id,
  name: file.name,
  access: file.access,
  roomId: file.roomId,
  ownerId: file.userId,
  sizeBytes: file.sizeBytes,
  createdAt: file.createdAt.toISOString(),
  expiresAt: file.uploadEndsAt!.toISOString(),
});
