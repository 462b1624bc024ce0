import { and, eq, inArray, lte, or, type SQL } from 'drizzle-orm';
import { inTurn, type Queries } from '../../kernel/db/index.ts';
import { files } from './files.tables.ts';

/** Files that are gone for good: uploads given up, files past their expiry or past the time in which they can be restored. */
const isOver = (now: Date, deletedBefore: Date): SQL =>
  or(lte(files.uploadEndsAt, now), lte(files.expiresAt, now), lte(files.deletedAt, deletedBefore))!;

export const selectFilesThatAreOver = (q: Queries, now: Date, deletedBefore: Date, limit: number) =>
  q
    .select({
      id: files.id,
      organizationId: files.organizationId,
      objectSuffix: files.objectSuffix,
      name: files.name,
      status: files.status,
    })
    .from(files)
    .where(isOver(now, deletedBefore))
    .orderBy(inTurn(files.id, now))
    .limit(limit);

/** Deletes the row of a file that still is over. */
export const deleteOver = (
  q: Queries,
  { id, organizationId }: { id: string; organizationId: string },
  now: Date,
  deletedBefore: Date,
) =>
  q
    .delete(files)
    .where(and(eq(files.organizationId, organizationId), eq(files.id, id), isOver(now, deletedBefore)))
    .returning({ id: files.id });

/** Which of these files there are, and where their bytes are. */
export const selectExisting = (q: Queries, ids: readonly string[]) =>
  q
    .select({
      id: files.id,
      organizationId: files.organizationId,
      objectSuffix: files.objectSuffix,
      updatedAt: files.updatedAt,
    })
    .from(files)
    .where(inArray(files.id, [...ids]));
