import { and, desc, eq, gt, isNull, lt, or, sql } from 'drizzle-orm';
import { apiKeys } from '../../identity/api-keys/api-keys.tables.ts';
import { members } from '../../identity/members/members.tables.ts';
import { organizations } from '../../identity/organizations/organizations.tables.ts';
import { isBefore, mustChange, mustHold, type Queries, type Statement } from '../../kernel/db/index.ts';
import { fileErrors, isLive } from '../files/index.ts';
import { files } from '../files/files.tables.ts';
import { fileLinkErrors } from './file-links.errors.ts';
import { MAX_LINKS } from './file-links.rules.ts';
import { type FileLink, fileLinks } from './file-links.tables.ts';

/** The file whose links are read or changed, the actor, and the time. */
interface LinkedFileKey {
  organizationId: string;
  fileId: string;
  /** The user or API key whose file it must be; null for a file of anybody. */
  uploadedBy: string | null;
  now: Date;
}

/** A file whose links somebody manages. */
export const selectOwnFile = (q: Queries, { organizationId, fileId, uploadedBy, now }: LinkedFileKey) =>
  q
    .select()
    .from(files)
    .where(
      and(
        eq(files.organizationId, organizationId),
        eq(files.id, fileId),
        isLive(now),
        uploadedBy === null ? undefined : eq(files.uploadedBy, uploadedBy),
      ),
    );

const isOfFile = ({ organizationId, fileId }: Pick<LinkedFileKey, 'organizationId' | 'fileId'>) =>
  and(eq(fileLinks.organizationId, organizationId), eq(fileLinks.fileId, fileId));

/** The links of a file, the newest first; one more than `limit`. */
export const selectFileLinks = (
  q: Queries,
  key: LinkedFileKey,
  { before, limit }: { before: string | undefined; limit: number },
) =>
  q
    .select()
    .from(fileLinks)
    .where(and(isOfFile(key), isBefore(fileLinks.id, before)))
    .orderBy(desc(fileLinks.id))
    .limit(limit + 1);

export const selectFileLink = (q: Queries, key: LinkedFileKey, fileLinkId: string) =>
  q
    .select()
    .from(fileLinks)
    .where(and(isOfFile(key), eq(fileLinks.id, fileLinkId)));

/** Inserts a link; the commit fails with `files.not_found` when the file is gone by then, and with `file_links.too_many`. */
export function insertFileLink(q: Queries, row: FileLink): Statement[] {
  const { organizationId, fileId, createdAt: now } = row;
  const isThere = and(eq(files.organizationId, organizationId), eq(files.id, fileId), isLive(now));
  return [
    // Held until the commit: links that are created at once count each other.
    mustChange(q, q.select({ id: files.id }).from(files).where(isThere).for('update'), fileErrors.notFound),
    q.insert(fileLinks).values(row),
    mustHold(
      q,
      sql`(select count(*) from ${fileLinks} where ${isOfFile(row)}) <= ${MAX_LINKS}::int`,
      fileLinkErrors.tooMany,
    ),
  ];
}

/** Deletes a link; the commit fails with `file_links.not_found` when it is gone. */
export const deleteFileLink = (q: Queries, row: FileLink) =>
  mustChange(
    q,
    q
      .delete(fileLinks)
      .where(and(isOfFile(row), eq(fileLinks.id, row.id)))
      .returning({ id: fileLinks.id }),
    fileLinkErrors.notFound,
  );

const isValid = (now: Date) => or(isNull(fileLinks.expiresAt), gt(fileLinks.expiresAt, now));

/**
 * A link with its file and with what its creator may do now. It is gone with the file, the expiry of either, and the end of the
 * organization.
 */
const selectLinked = (q: Queries, now: Date) =>
  q
    .select({ link: fileLinks, file: files, role: members.role, scopes: apiKeys.scopes })
    .from(fileLinks)
    .innerJoin(files, and(eq(files.id, fileLinks.fileId), isLive(now), eq(files.scanStatus, 'clean')))
    .innerJoin(
      organizations,
      and(eq(organizations.id, fileLinks.organizationId), isNull(organizations.deletedAt)),
    )
    .leftJoin(
      members,
      and(
        eq(members.organizationId, fileLinks.organizationId),
        eq(members.userId, fileLinks.userId),
        eq(members.status, 'active'),
      ),
    )
    .leftJoin(
      apiKeys,
      and(
        eq(apiKeys.id, fileLinks.apiKeyId),
        isNull(apiKeys.revokedAt),
        or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, now)),
      ),
    )
    .$dynamic();

const hasDownloads = or(isNull(fileLinks.maxDownloads), lt(fileLinks.downloads, fileLinks.maxDownloads));

/** The link of a token that has downloads left; across organizations in the system's scope. */
export const selectLinkByToken = (q: Queries, tokenHash: string, now: Date) =>
  selectLinked(q, now).where(and(eq(fileLinks.tokenHash, tokenHash), isValid(now), hasDownloads));

/** A link through which a download has begun, even if it was the last one. */
export const selectLinkById = (q: Queries, organizationId: string, fileLinkId: string, now: Date) =>
  selectLinked(q, now).where(
    and(eq(fileLinks.organizationId, organizationId), eq(fileLinks.id, fileLinkId), isValid(now)),
  );

/** Counts a download; the commit fails with `file_links.not_found` when the link is gone, or has no download left. */
export const countDownload = (q: Queries, row: FileLink, now: Date) =>
  mustChange(
    q,
    q
      .update(fileLinks)
      .set({ downloads: sql`${fileLinks.downloads} + 1`, lastDownloadedAt: now })
      .where(and(isOfFile(row), eq(fileLinks.id, row.id), isValid(now), hasDownloads))
      .returning({ id: fileLinks.id }),
    fileLinkErrors.notFound,
  );
