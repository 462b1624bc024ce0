import { and, desc, eq, isNull, lte, sql } from 'drizzle-orm';
import { organizations } from '../../identity/organizations/organizations.tables.ts';
import {
  changeVersioned,
  inTurn,
  isBefore,
  mustHold,
  type Queries,
  type Statement,
} from '../../kernel/db/index.ts';
import { files } from '../files/files.tables.ts';
import type { FileRow } from '../files/index.ts';
import { fileCompressionErrors } from './file-compressions.errors.ts';
import type { CompressionGround } from './file-compressions.rules.ts';
import { type FileCompression, fileCompressions } from './file-compressions.tables.ts';

/** Compressions of an organization that are not over; more wait until some are. */
const MAX_OPEN = 20;

/**
 * Inserts a compression; the commit fails with `file_compressions.already_running` when the file has one that is not over, and with
 * `file_compressions.too_many`. Commits of one organization wait for each other, so that none counts too few.
 */
export function insertCompression(q: Queries, row: FileCompression): Statement[] {
  const { organizationId, fileId } = row;
  const open = sql`select from ${fileCompressions} where ${fileCompressions.organizationId} = ${organizationId}
    and ${fileCompressions.endedAt} is null`;
  const ofFile = sql`${open} and ${fileCompressions.fileId} = ${fileId}`;
  return [
    q.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`compression:${organizationId}`}, 0))`),
    mustHold(q, sql`not exists (${ofFile})`, fileCompressionErrors.alreadyRunning),
    q.insert(fileCompressions).values(row),
    mustHold(
      q,
      sql`(select count(*) from (${open}) as open) <= ${MAX_OPEN}::int`,
      fileCompressionErrors.tooMany,
    ),
  ];
}

const isOfFile = (organizationId: string, fileId: string) =>
  and(eq(fileCompressions.organizationId, organizationId), eq(fileCompressions.fileId, fileId));

export const selectCompression = (
  q: Queries,
  organizationId: string,
  fileId: string,
  compressionId: string,
) =>
  q
    .select()
    .from(fileCompressions)
    .where(and(isOfFile(organizationId, fileId), eq(fileCompressions.id, compressionId)));

/** The compressions of a file, newest first; one more than `limit`. */
export const selectCompressions = (
  q: Queries,
  { organizationId, fileId }: { organizationId: string; fileId: string },
  { before, limit }: { before: string | undefined; limit: number },
) =>
  q
    .select()
    .from(fileCompressions)
    .where(and(isOfFile(organizationId, fileId), isBefore(fileCompressions.id, before)))
    .orderBy(desc(fileCompressions.id))
    .limit(limit + 1);

/** What is needed to take a compression further. */
export interface CompressionToAdvance extends CompressionGround {
  compression: FileCompression;
  file: FileRow;
}

export const selectCompressionToAdvance = (q: Queries, organizationId: string, compressionId: string) =>
  q
    .select({
      compression: fileCompressions,
      file: files,
      isOrganizationDeleted: sql<boolean>`${organizations.deletedAt} is not null`,
    })
    .from(fileCompressions)
    .innerJoin(files, eq(files.id, fileCompressions.fileId))
    .innerJoin(organizations, eq(organizations.id, fileCompressions.organizationId))
    .where(and(eq(fileCompressions.organizationId, organizationId), eq(fileCompressions.id, compressionId)));

/** Compressions that have not changed since a moment and are not over, in no order. */
export const selectQuietCompressions = (q: Queries, before: Date, limit: number) =>
  q
    .select({ id: fileCompressions.id, organizationId: fileCompressions.organizationId })
    .from(fileCompressions)
    .where(and(isNull(fileCompressions.endedAt), lte(fileCompressions.updatedAt, before)))
    .orderBy(inTurn(fileCompressions.id, before))
    .limit(limit);

/** What an organization says about its files, and the file. */
export const selectFileToCompress = (q: Queries, organizationId: string, fileId: string) =>
  q
    .select({ file: files, settings: organizations.settings })
    .from(files)
    .innerJoin(organizations, eq(organizations.id, files.organizationId))
    .where(
      and(
        eq(files.organizationId, organizationId),
        eq(files.id, fileId),
        isNull(files.deletedAt),
        isNull(organizations.deletedAt),
      ),
    );

/** Changes the row if it still has the version that was read; otherwise the commit fails with `request.stale`. */
export const changeCompression = (q: Queries, row: FileCompression, set: Partial<FileCompression>) =>
  changeVersioned(q, fileCompressions, row, set);
