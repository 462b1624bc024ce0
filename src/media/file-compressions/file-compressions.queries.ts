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
import type { Recording } from '../recordings/index.ts';
import { recordings } from '../recordings/recordings.tables.ts';
import { fileCompressionErrors } from './file-compressions.errors.ts';
import type { CompressionGround } from './file-compressions.rules.ts';
import { type FileCompression, fileCompressions } from './file-compressions.tables.ts';

/** Compressions of an organization that are not over; more wait until some are. */
const MAX_OPEN = 20;

/**
 * Inserts a compression; the commit fails with `file_compressions.already_running` when the file or the recording has
 * an open one, and with `file_compressions.too_many`. Commits of one organization wait for each other, so that none
 * counts too few.
 */
export function insertCompression(q: Queries, row: FileCompression): Statement[] {
  const { organizationId, fileId, recordingId } = row;
  const open = sql`select from ${fileCompressions} where ${fileCompressions.organizationId} = ${organizationId}
    and ${fileCompressions.endedAt} is null`;
  const ofSame =
    recordingId === null
      ? sql`${open} and ${fileCompressions.fileId} = ${fileId}`
      : sql`${open} and ${fileCompressions.recordingId} = ${recordingId}`;
  return [
    q.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`compression:${organizationId}`}, 0))`),
    mustHold(q, sql`not exists (${ofSame})`, fileCompressionErrors.alreadyRunning),
    q.insert(fileCompressions).values(row),
    mustHold(
      q,
      sql`(select count(*) from (${open}) as open) <= ${MAX_OPEN}::int`,
      fileCompressionErrors.tooMany,
    ),
  ];
}

/** The file or the recording that compressions are about. */
type CompressionSubject = { organizationId: string } & ({ fileId: string } | { recordingId: string });

const isAbout = ({ organizationId, ...subject }: CompressionSubject) =>
  and(
    eq(fileCompressions.organizationId, organizationId),
    'fileId' in subject
      ? eq(fileCompressions.fileId, subject.fileId)
      : eq(fileCompressions.recordingId, subject.recordingId),
  );

export const selectCompression = (q: Queries, subject: CompressionSubject, compressionId: string) =>
  q
    .select()
    .from(fileCompressions)
    .where(and(isAbout(subject), eq(fileCompressions.id, compressionId)));

/** A compression, whatever it is about. */
export const selectCompressionById = (q: Queries, organizationId: string, compressionId: string) =>
  q
    .select()
    .from(fileCompressions)
    .where(and(eq(fileCompressions.organizationId, organizationId), eq(fileCompressions.id, compressionId)));

/** The compressions of a file or a recording, newest first; one more than `limit`. */
export const selectCompressions = (
  q: Queries,
  subject: CompressionSubject,
  { before, limit }: { before: string | undefined; limit: number },
) =>
  q
    .select()
    .from(fileCompressions)
    .where(and(isAbout(subject), isBefore(fileCompressions.id, before)))
    .orderBy(desc(fileCompressions.id))
    .limit(limit + 1);

/** What decides the next step of a compression. */
export interface CompressionToAdvance extends CompressionGround {
  compression: FileCompression;
  /** One of both is what it is about. */
  file: FileRow | null;
  recording: Recording | null;
}

export const selectCompressionToAdvance = (q: Queries, organizationId: string, compressionId: string) =>
  q
    .select({
      compression: fileCompressions,
      file: files,
      recording: recordings,
      isOrganizationDeleted: sql<boolean>`${organizations.deletedAt} is not null`,
    })
    .from(fileCompressions)
    .leftJoin(files, eq(files.id, fileCompressions.fileId))
    .leftJoin(recordings, eq(recordings.id, fileCompressions.recordingId))
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
