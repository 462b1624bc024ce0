import { and, eq, lte, sql } from 'drizzle-orm';
import { inTurn, mustChange, type Queries } from '../../kernel/db/index.ts';
import { requestErrors } from '../../kernel/core/index.ts';
import type { FileRow } from './files.rules.ts';
import { files } from './files.tables.ts';

/** A file whose bytes are stored, for whatever reader; for the system. */
export const selectStoredFile = (q: Queries, organizationId: string, fileId: string) =>
  q
    .select()
    .from(files)
    .where(and(eq(files.organizationId, organizationId), eq(files.id, fileId), eq(files.status, 'stored')));

/** Files that have waited for their scan since a moment, in no order. */
export const selectUnscannedFiles = (q: Queries, before: Date, limit: number) =>
  q
    .select()
    .from(files)
    .where(and(eq(files.status, 'stored'), eq(files.scanStatus, 'pending'), lte(files.updatedAt, before)))
    .orderBy(inTurn(files.id, before))
    .limit(limit);

const isPending = ({ organizationId, id }: FileRow) =>
  and(eq(files.organizationId, organizationId), eq(files.id, id), eq(files.scanStatus, 'pending'));

/** Stores what the scanner found, once; the commit fails with `request.stale` when it is stored already. No version changes. */
export const recordScan = (
  q: Queries,
  file: FileRow,
  set: { scanStatus: FileRow['scanStatus']; checksum: string | null },
) =>
  mustChange(
    q,
    q.update(files).set(set).where(isPending(file)).returning({ id: files.id }),
    requestErrors.stale,
  );

export const recordScanAttempt = (q: Queries, file: FileRow) =>
  q
    .update(files)
    .set({ scanAttempts: sql`${files.scanAttempts} + 1` })
    .where(isPending(file));
