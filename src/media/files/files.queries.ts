import { and, eq, gt, inArray, isNotNull, isNull, ne, or, type SQL, sql } from 'drizzle-orm';
import { callParticipants } from '../../calls/calls/calls.tables.ts';
import { hasBeenInRoom } from '../../calls/calls/index.ts';
import { changeVersioned, deleteVersioned, type Queries } from '../../kernel/db/index.ts';
import { isShownTo } from '../../rooms/access/index.ts';
import { roomPeople, rooms } from '../../rooms/rooms/rooms.tables.ts';
import type { FileRow, FileViewer } from './files.rules.ts';
import { files } from './files.tables.ts';

/** The reader of files, and the time. */
export interface FileReader {
  organizationId: string;
  viewer: FileViewer;
  now: Date;
}

/** Whether all bytes are stored, and the file is neither deleted nor expired. */
export const isLive = (now: Date): SQL =>
  and(
    eq(files.status, 'stored'),
    isNull(files.deletedAt),
    or(isNull(files.expiresAt), gt(files.expiresAt, now)),
  )!;

/** Whether a user can see the file's room, if it has one, and has not been removed from it. */
export const isRoomOpenTo = (identity: string, roomViewer: string | null): SQL =>
  sql`(${files.roomId} is null or exists (select from ${rooms}
    where ${rooms.id} = ${files.roomId} and ${rooms.deletedAt} is null and ${isShownTo(roomViewer) ?? sql`true`}
      and not exists (select from ${roomPeople} where ${roomPeople.roomId} = ${rooms.id}
        and ${roomPeople.identity} = ${identity} and ${roomPeople.removedAt} is not null)))`;

/**
 * Whether somebody is or was in the call during which the file was shared; when there was none, whether they had been in a call of
 * the room before: people who come later were not meant.
 */
const tookPart = (identity: string): SQL =>
  sql`case when ${files.callId} is null then ${hasBeenInRoom(files.roomId, identity, files.createdAt)}
    else exists (select from ${callParticipants} where ${callParticipants.callId} = ${files.callId}
      and ${callParticipants.identity} = ${identity}) end`;

/** Whether the file is somebody's own or shared with them; the room of a guest is checked where their access is. */
export function isOpenTo({ identity, guestOfRoom, roomViewer }: FileViewer): SQL | undefined {
  if (identity === null) return undefined;
  const isForThem = and(eq(files.access, 'participants'), tookPart(identity));
  const isShared =
    guestOfRoom === null
      ? and(
          isRoomOpenTo(identity, roomViewer),
          or(inArray(files.access, ['organization', 'public']), isForThem),
        )
      : and(eq(files.roomId, guestOfRoom), or(eq(files.access, 'public'), isForThem));
  return or(eq(files.uploadedBy, identity), and(ne(files.scanStatus, 'infected'), isShared));
}

/** A file that the viewer may read. */
export const selectFile = (q: Queries, { organizationId, viewer, now }: FileReader, fileId: string) =>
  q
    .select()
    .from(files)
    .where(
      and(eq(files.organizationId, organizationId), eq(files.id, fileId), isLive(now), isOpenTo(viewer)),
    );

/** A deleted file that has not expired, of the viewer or for those who manage files. */
export const isRestorable = ({ identity }: FileViewer, since: Date, now: Date): SQL =>
  and(
    isNotNull(files.deletedAt),
    gt(files.deletedAt, since),
    or(isNull(files.expiresAt), gt(files.expiresAt, now)),
    identity === null ? undefined : eq(files.uploadedBy, identity),
  )!;

export const selectDeletedFile = (
  q: Queries,
  { organizationId, viewer, now }: FileReader,
  fileId: string,
  since: Date,
) =>
  q
    .select()
    .from(files)
    .where(
      and(eq(files.organizationId, organizationId), eq(files.id, fileId), isRestorable(viewer, since, now)),
    );

/** A file that the viewer may read, or that they can restore. */
export const selectErasableFile = (
  q: Queries,
  { organizationId, viewer, now }: FileReader,
  fileId: string,
  since: Date,
) =>
  q
    .select()
    .from(files)
    .where(
      and(
        eq(files.organizationId, organizationId),
        eq(files.id, fileId),
        or(and(isLive(now), isOpenTo(viewer)), isRestorable(viewer, since, now)),
      ),
    );

/** Changes the row if it still has the version that was read; otherwise the commit fails with `request.stale`. */
export const changeFile = (q: Queries, row: FileRow, set: Partial<FileRow>) =>
  changeVersioned(q, files, row, set);

/** Deletes the row if it still has the version that was read; otherwise the commit fails with `request.stale`. */
export const deleteFileRow = (q: Queries, row: FileRow) => deleteVersioned(q, files, row);
