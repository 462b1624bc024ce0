import { and, eq, inArray, ne, type SQL, sql } from 'drizzle-orm';
import { calls } from '../../calls/calls/calls.tables.ts';
import { type Actor, permits } from '../../kernel/core/index.ts';
import { type FileViewer, fileViewerOf, isLive, isOpenTo } from '../../media/files/index.ts';
import { files } from '../../media/files/files.tables.ts';
import type { MessageFile } from '../../realtime/protocol/index.ts';
import type { Queries } from '../../kernel/db/index.ts';
import { chatMessages } from './chat.tables.ts';

/** Whether everybody in the room's call may read the file: it is public, or was shared in that call with its participants. */
const isOpenToCall = sql`(files.access = 'public' or files.access = 'participants' and exists (
  select from ${calls} where calls.id = files.call_id and calls.ended_at is null))`;

/** Whether the reader may read the bytes of a file, and so gets its preview. The live room reads for everybody in the call. */
function mayOpen(reader: Actor): SQL {
  if (reader.kind === 'system') return isOpenToCall;
  const mayRead =
    reader.kind === 'guest' || ('permissions' in reader && permits(reader.permissions, 'files:read'));
  return mayRead ? (isOpenTo(fileViewerOf(reader)) ?? sql`true`) : sql`false`;
}

/** A small image of a file, as messages show it. */
const previewIf = (isShown: SQL) => sql<
  MessageFile['preview']
>`case when files.preview is not null and ${isShown}
  then jsonb_build_object('image', files.preview #> '{images,0,name}', 'width', files.preview -> 'width',
    'height', files.preview -> 'height', 'blurhash', files.preview -> 'blurhash') end`;

/** Whether a file may be shown in the chat of its room. */
const isShared = (roomId: string, now: Date): SQL =>
  and(eq(files.roomId, roomId), isLive(now), ne(files.access, 'private'), ne(files.scanStatus, 'infected'))!;

/**
 * The files of a message, in their order, as they are now, with one more field; of those that are gone the id alone. Named in full: in
 * the columns of a select from one table the query builder leaves out the table.
 */
const filesWith = <T>(field: SQL, now: Date) => sql<T[]>`(
  select coalesce(jsonb_agg(jsonb_build_object('fileId', shown.id, 'name', files.name, 'contentType', files.content_type,
    'sizeBytes', files.size_bytes, ${field}) order by shown.place), '[]'::jsonb)
  from jsonb_array_elements_text(${chatMessages.fileIds}) with ordinality shown(id, place)
  left join files on files.id = shown.id and files.organization_id = chat_messages.organization_id
    and files.room_id = chat_messages.room_id and files.status = 'stored' and files.deleted_at is null
    and (files.expires_at is null or files.expires_at > ${now.toISOString()}::timestamptz)
    and files.access <> 'private' and files.scan_status <> 'infected')`;

/** The files of a message, with the previews that the reader may see. */
export const filesOf = (now: Date, reader: Actor) =>
  filesWith<MessageFile>(sql`'preview', ${previewIf(mayOpen(reader))}`, now);

/** A file of a message, and whether the reader may have its bytes. */
export type OpenableFile = Omit<MessageFile, 'preview'> & { mayOpen: boolean };

export const openableFilesOf = (now: Date, reader: Actor) =>
  filesWith<OpenableFile>(
    sql`'mayOpen', coalesce(files.scan_status in ('clean', 'unscanned') and ${mayOpen(reader)}, false)`,
    now,
  );

/** Those of the files that are shared in the room, and that the viewer may read. Previews are for everybody in the call. */
export const selectFilesToShow = (
  q: Queries,
  { organizationId, roomId }: { organizationId: string; roomId: string },
  { viewer, fileIds, now }: { viewer: FileViewer; fileIds: readonly string[]; now: Date },
) =>
  q
    .select({
      fileId: files.id,
      name: files.name,
      contentType: files.contentType,
      sizeBytes: files.sizeBytes,
      preview: previewIf(isOpenToCall),
    })
    .from(files)
    .where(
      and(
        eq(files.organizationId, organizationId),
        inArray(files.id, [...fileIds]),
        isShared(roomId, now),
        isOpenTo(viewer),
      ),
    );
