import { permissionsOfRole } from '../../identity/access/index.ts';
import { permissionsOfScopes } from '../../identity/api-keys/index.ts';
import { base64Url, type Ids, permits } from '../../kernel/core/index.ts';
import type { Hasher } from '../../kernel/crypto/index.ts';
import { fileErrors, type FileRow } from '../files/index.ts';
import { fileLinkErrors } from './file-links.errors.ts';
import type { FileLink } from './file-links.tables.ts';

/** Links that one file may have, also expired ones. */
export const MAX_LINKS = 50;

/** Random bytes of a token. */
const TOKEN_BYTES = 32;
export const TOKEN_PATTERN = /^alf_[\w-]{43}$/;

export const createToken = (ids: Ids): string => `alf_${base64Url(ids.random(TOKEN_BYTES))}`;

/** The form in which a token is stored and looked up. */
export const hashToken = (hasher: Hasher, token: string): Promise<string> => hasher.hash('file_link', token);

/** A link with the file and what its creator may do now; no role and no scopes when their membership or key has ended. */
export interface LinkedFile {
  link: FileLink;
  file: FileRow;
  role: string | null;
  scopes: string[] | null;
}

/** Whether the creator of a link could create it now. */
function isStillAllowed({ link, file, role, scopes }: LinkedFile): boolean {
  const permissions = link.userId === null ? permissionsOfScopes(scopes ?? []) : permissionsOfRole(role);
  const isTheirs = file.uploadedBy === (link.userId ?? link.apiKeyId);
  return permits(permissions, 'files:write') && (isTheirs || permits(permissions, 'files:manage'));
}

/** @throws AppError `file_links.not_found` for no link, and for a link whose creator could no longer create it */
export function requireWorkingLink(found: LinkedFile | undefined): LinkedFile {
  if (!found || !isStillAllowed(found)) throw fileLinkErrors.notFound();
  return found;
}

/** @throws AppError `files.infected`, `files.scan_pending`, `files.not_scannable` or `file_links.not_clean` */
export function requireClean({ scanStatus }: Pick<FileRow, 'scanStatus'>): void {
  if (scanStatus === 'infected') throw fileErrors.infected();
  if (scanStatus === 'pending') throw fileErrors.scanPending();
  if (scanStatus === 'failed') throw fileErrors.notScannable();
  if (scanStatus !== 'clean')
    throw fileLinkErrors.notClean({ detail: 'this service has no scanner: scanStatus is unscanned' });
}
