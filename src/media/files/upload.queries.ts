import { and, eq, isNull, sql } from 'drizzle-orm';
import { holdSize, holdTotal } from '../../identity/entitlements/index.ts';
import { mustChange, mustHold, type Queries, type Statement } from '../../kernel/db/index.ts';
import { accessErrors, isShownTo } from '../../rooms/access/index.ts';
import { roomErrors } from '../../rooms/rooms/index.ts';
import { roomPeople, rooms } from '../../rooms/rooms/rooms.tables.ts';
import { fileErrors } from './files.errors.ts';
import type { FileRow } from './files.rules.ts';
import { files } from './files.tables.ts';

/**
 * Inserts a file that is being uploaded; the commit fails with `billing.limit_reached` when it or all files of the organization
 * together would be larger than the plan allows. Its size counts from now on.
 */
export function insertUpload(q: Queries, row: FileRow): Statement[] {
  const { organizationId, sizeBytes, createdAt: now } = row;
  return [
    holdSize(q, { limit: 'file_bytes', size: sizeBytes, organizationId, now }),
    q.insert(files).values(row),
    ...holdTotal(q, {
      limit: 'storage_bytes',
      total: sql`select coalesce(sum(${files.sizeBytes}), 0) from ${files} where ${files.organizationId} = ${organizationId}`,
      added: sizeBytes,
      organizationId,
      now,
    }),
  ];
}

const isUpload = ({ organizationId, id }: Pick<FileRow, 'organizationId' | 'id'>) =>
  and(eq(files.organizationId, organizationId), eq(files.id, id), eq(files.status, 'uploading'))!;

/** An upload of this actor, or the file that it has become. */
export const selectUpload = (q: Queries, organizationId: string, fileId: string, uploadedBy: string) =>
  q
    .select()
    .from(files)
    .where(
      and(
        eq(files.organizationId, organizationId),
        eq(files.id, fileId),
        eq(files.uploadedBy, uploadedBy),
        isNull(files.deletedAt),
      ),
    );

/**
 * The commit fails when the room of an upload does not show to its uploader any more, or a moderator removed them.
 * @param roomViewer of `restrictedViewer`
 */
export function requireOpenRoom(
  q: Queries,
  { roomId, uploadedBy: identity }: FileRow,
  roomViewer: string | null,
) {
  if (roomId === null) return [];
  const isShown = sql`exists (select from ${rooms} where ${rooms.id} = ${roomId} and ${rooms.deletedAt} is null
    and ${isShownTo(roomViewer) ?? sql`true`})`;
  const isRemoved = sql`exists (select from ${roomPeople} where ${roomPeople.roomId} = ${roomId}
    and ${roomPeople.identity} = ${identity} and ${roomPeople.removedAt} is not null)`;
  return [
    mustHold(q, sql`not ${isRemoved}`, accessErrors.removed),
    mustHold(q, isShown, roomErrors.notFound),
  ];
}

/** Makes an upload a file; the commit fails with `files.not_found` when it has been given up. */
export const finishUpload = (q: Queries, row: FileRow, set: Partial<FileRow>) =>
  mustChange(
    q,
    q
      .update(files)
      .set({ ...set, status: 'stored', uploadEndsAt: null, version: sql`${files.version} + 1` })
      .where(isUpload(row))
      .returning({ id: files.id }),
    fileErrors.notFound,
  );

/** Deletes the row of an upload: its size no longer counts. */
export const deleteUpload = (q: Queries, row: Pick<FileRow, 'organizationId' | 'id'>) =>
  q.delete(files).where(isUpload(row));
