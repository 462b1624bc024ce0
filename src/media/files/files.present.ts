import type { FileRow } from './files.rules.ts';
import type { FileView } from './files.schemas.ts';

export const presentFile = (file: FileRow): FileView => ({
  id: file.id,
  name: file.name,
  contentType: file.contentType,
  sizeBytes: file.sizeBytes,
  checksum: file.checksum,
  access: file.access,
  roomId: file.roomId,
  callId: file.callId,
  ownerId: file.userId,
  scanStatus: file.scanStatus,
  previewStatus: file.previewStatus,
  preview: file.preview,
  expiresAt: file.expiresAt?.toISOString() ?? null,
  deletedAt: file.deletedAt?.toISOString() ?? null,
  createdAt: file.createdAt.toISOString(),
  updatedAt: file.updatedAt.toISOString(),
});
