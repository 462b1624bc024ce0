import { and, eq, inArray, isNull, lte, sql } from 'drizzle-orm';
import { inTurn, mustChange, type Queries } from '../../kernel/db/index.ts';
import { requestErrors } from '../../kernel/core/index.ts';
import type { PreviewStatus, ScanStatus } from './files.enums.ts';
import type { FileRow } from './files.rules.ts';
import { files } from './files.tables.ts';
import type { Preview } from './preview.schemas.ts';

/** A file whose bytes are stored, for whatever reader; for the system. */
export const selectStoredFile = (q: Queries, organizationId: string, fileId: string) =>
  q
    .select()
    .from(files)
    .where(and(eq(files.organizationId, organizationId), eq(files.id, fileId), eq(files.status, 'stored')));

/** Files of these statuses that have waited for their scan since a moment, in no order. */
export const selectUnscannedFiles = (
  q: Queries,
  statuses: readonly ScanStatus[],
  before: Date,
  limit: number,
) =>
  q
    .select()
    .from(files)
    .where(and(eq(files.status, 'stored'), inArray(files.scanStatus, statuses), lte(files.updatedAt, before)))
    .orderBy(
      sql`row_number() over (partition by ${files.organizationId} order by ${inTurn(files.id, before)})`,
      inTurn(files.id, before),
    )
    .limit(limit);

/** The file as it was scanned: a verdict and a checksum are of the bytes that were read. */
const hasStatusOf = ({ organizationId, id, scanStatus, objectSuffix }: FileRow) =>
  and(
    eq(files.organizationId, organizationId),
    eq(files.id, id),
    eq(files.scanStatus, scanStatus),
    objectSuffix === null ? isNull(files.objectSuffix) : eq(files.objectSuffix, objectSuffix),
  );

/**
 * Stores the verdict of the scanner, once; the commit fails with `request.stale` when another scan has stored one. No
 * version changes.
 */
export const recordScan = (
  q: Queries,
  file: FileRow,
  set: { scanStatus: FileRow['scanStatus']; checksum: string | null },
) =>
  mustChange(
    q,
    q.update(files).set(set).where(hasStatusOf(file)).returning({ id: files.id }),
    requestErrors.stale,
  );

export const recordScanAttempt = (q: Queries, file: FileRow) =>
  q
    .update(files)
    .set({ scanAttempts: sql`${files.scanAttempts} + 1` })
    .where(hasStatusOf(file));

const waits = ({ organizationId, id }: FileRow) =>
  and(
    eq(files.organizationId, organizationId),
    eq(files.id, id),
    eq(files.previewStatus, 'pending'),
    eq(files.status, 'stored'),
  );

/** Stores how the preview of a file ended, once; the commit fails with `request.stale` when the file is gone or has one. No version changes. */
export const recordPreview = (
  q: Queries,
  file: FileRow,
  set: { previewStatus: PreviewStatus; preview: Preview | null },
) =>
  mustChange(q, q.update(files).set(set).where(waits(file)).returning({ id: files.id }), requestErrors.stale);

export const recordPreviewAttempt = (q: Queries, file: FileRow) =>
  q
    .update(files)
    .set({ previewAttempts: sql`${files.previewAttempts} + 1` })
    .where(waits(file));

/** Scanned files that have waited for their preview since a moment, in no order. */
export const selectFilesWithoutPreview = (q: Queries, before: Date, limit: number) =>
  q
    .select()
    .from(files)
    .where(
      and(
        eq(files.previewStatus, 'pending'),
        eq(files.status, 'stored'),
        inArray(files.scanStatus, ['clean', 'unscanned']),
        lte(files.updatedAt, before),
      ),
    )
    .orderBy(inTurn(files.id, before))
    .limit(limit);

/**
 * Replaces the uploaded bytes by a smaller copy; the commit fails with `request.stale` when they were replaced
 * already, or the file is deleted. The storage of the organization follows (`count_file_change`).
 */
export const replaceBytes = (
  q: Queries,
  { organizationId, id }: FileRow,
  set: Pick<FileRow, 'sizeBytes' | 'checksum' | 'contentType' | 'name'> & { objectSuffix: string },
  now: Date,
) =>
  mustChange(
    q,
    q
      .update(files)
      .set({ ...set, replacedAt: now, updatedAt: now, version: sql`${files.version} + 1` })
      .where(
        and(
          eq(files.organizationId, organizationId),
          eq(files.id, id),
          eq(files.status, 'stored'),
          isNull(files.deletedAt),
          isNull(files.objectSuffix),
        ),
      )
      .returning({ id: files.id }),
    requestErrors.stale,
  );
