import { and, desc, eq, gt, isNull, lt, sql } from 'drizzle-orm';
import { isBefore, mustChange, mustHold, type Queries, type Statement } from '../../kernel/db/index.ts';
import { accessErrors, isShownTo } from '../../rooms/access/index.ts';
import { roomErrors } from '../../rooms/rooms/index.ts';
import { roomPeople, rooms } from '../../rooms/rooms/rooms.tables.ts';
import { fileErrors } from './files.errors.ts';
import { holdStorage } from '../storage/index.ts';
import type { FileRow } from './files.rules.ts';
import { files } from './files.tables.ts';

const isOpen = (organizationId: string, uploadedBy: string | null, now: Date) =>
  and(
    eq(files.organizationId, organizationId),
    uploadedBy === null ? undefined : eq(files.uploadedBy, uploadedBy),
    eq(files.status, 'uploading'),
    gt(files.uploadEndsAt, now),
  )!;

/**
 * Inserts a file that is being uploaded; the commit fails with `billing.limit_reached` when the plan does not allow it. Its size counts from now on.
 * @param mostOpen how many uploads its uploader may have open with it; beyond, the commit fails with `files.too_many_uploads`
 */
export function insertUpload(q: Queries, row: FileRow, mostOpen: number | undefined): Statement[] {
  const { organizationId, sizeBytes, uploadedBy, createdAt: now } = row;
  const open = sql`(select count(*) from ${files} where ${isOpen(organizationId, uploadedBy, now)})`;
  return [
    q.insert(files).values(row),
    ...holdStorage(q, { organizationId, sizeBytes, now }),
    // The totals are locked here: uploads that begin at once count each other.
    ...(mostOpen === undefined
      ? []
      : [mustHold(q, sql`${open} <= ${mostOpen}::int`, fileErrors.tooManyUploads)]),
  ];
}

const isUpload = ({ organizationId, id }: Pick<FileRow, 'organizationId' | 'id'>) =>
  and(eq(files.organizationId, organizationId), eq(files.id, id), eq(files.status, 'uploading'))!;

/** An upload of this actor, or the file that it has become; of anybody for null. */
export const selectUpload = (q: Queries, organizationId: string, fileId: string, uploadedBy: string | null) =>
  q
    .select()
    .from(files)
    .where(
      and(
        eq(files.organizationId, organizationId),
        eq(files.id, fileId),
        uploadedBy === null ? undefined : eq(files.uploadedBy, uploadedBy),
        isNull(files.deletedAt),
      ),
    );

/** The uploads under way of an actor, or of all for null, the newest first; one more than `limit`. */
export const selectOpenUploads = (
  q: Queries,
  { organizationId, uploadedBy, now }: { organizationId: string; uploadedBy: string | null; now: Date },
  { before, limit }: { before: string | undefined; limit: number },
) =>
  q
    .select()
    .from(files)
    .where(and(isOpen(organizationId, uploadedBy, now), isBefore(files.id, before)))
    .orderBy(desc(files.id))
    .limit(limit + 1);

/**
 * The commit fails when the person who shares a file cannot see its room, or a moderator removed them.
 * @param roomViewer of `restrictedViewer`
 */
export function requireOpenRoom(
  q: Queries,
  { roomId }: Pick<FileRow, 'roomId'>,
  { identity, roomViewer }: { identity: string | null; roomViewer: string | null },
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

/** Lets an upload wait for bytes until `endsAt`; changes nothing once it is over, or waits longer already. */
export const extendUpload = (q: Queries, row: FileRow, endsAt: Date) =>
  q
    .update(files)
    .set({ uploadEndsAt: endsAt })
    .where(and(isUpload(row), lt(files.uploadEndsAt, endsAt)));

/** Deletes the row of an upload: its size no longer counts. */
export const deleteUpload = (q: Queries, row: Pick<FileRow, 'organizationId' | 'id'>) =>
  q.delete(files).where(isUpload(row));
