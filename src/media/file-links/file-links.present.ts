import type { NewFileLink } from './manage-file-links.ts';
import type { LinkedFile } from './file-links.rules.ts';
import type { FileLinkView } from './file-links.schemas.ts';
import type { FileLink } from './file-links.tables.ts';
import type { SharedDownload } from './open-shared-file.ts';

export const presentFileLink = (link: FileLink): FileLinkView => ({
  id: link.id,
  fileId: link.fileId,
  hasPassword: link.passwordHash !== null,
  maxDownloads: link.maxDownloads,
  downloads: link.downloads,
  lastDownloadedAt: link.lastDownloadedAt?.toISOString() ?? null,
  expiresAt: link.expiresAt?.toISOString() ?? null,
  createdBy: (link.userId ?? link.apiKeyId)!,
  createdAt: link.createdAt.toISOString(),
});

export const presentNewFileLink = ({ link, token, url }: NewFileLink) => ({
  ...presentFileLink(link),
  token,
  url,
});

/** What the link shows before it is opened; with a password, nothing of its file. */
export function presentSharedFile({ link, file }: LinkedFile) {
  const requiresPassword = link.passwordHash !== null;
  const { name, contentType, sizeBytes } = requiresPassword
    ? { name: null, contentType: null, sizeBytes: null }
    : file;
  return { requiresPassword, name, contentType, sizeBytes, expiresAt: link.expiresAt?.toISOString() ?? null };
}

export const presentSharedDownload = ({ file, url, expiresAt }: SharedDownload) => ({
  name: file.name,
  contentType: file.contentType,
  sizeBytes: file.sizeBytes,
  url,
  expiresAt: expiresAt.toISOString(),
});
