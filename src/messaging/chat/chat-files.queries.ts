import { and, eq, inArray, ne, type SQL, sql, type SQLWrapper } from 'drizzle-orm';
import { type FileViewer, isLive, isOpenTo } from '../../media/files/index.ts';
import { files } from '../../media/files/files.tables.ts';
import type { MessageFile } from '../../realtime/protocol/index.ts';
import type { Queries } from '../../kernel/db/index.ts';
import { chatMessages } from './chat.tables.ts';

/** A small image of a file, as messages show it. */
const previewOf = (preview: SQLWrapper) => sql<
  MessageFile['preview']
>`case when ${preview} is not null then jsonb_build_object(
  'image', ${preview} #> '{images,0,name}', 'width', ${preview} -> 'width', 'height', ${preview} -> 'height',
  'blurhash', ${preview} -> 'blurhash') end`;

/** Whether a file may be shown in the chat of its room. */
const isShared = (roomId: string, now: Date): SQL =>
  and(eq(files.roomId, roomId), isLive(now), ne(files.access, 'private'), ne(files.scanStatus, 'infected'))!;

/**
 * The files of a message, in their order, as they are now; of those that are gone the id alone. Named in full: in the columns of a
 * select from one table the query builder leaves out the table.
 */
export const filesOf = (now: Date) => sql<MessageFile[]>`(
  select coalesce(jsonb_agg(jsonb_build_object('fileId', shown.id, 'name', f.name, 'contentType', f.content_type,
    'sizeBytes', f.size_bytes, 'preview', ${previewOf(sql`f.preview`)}) order by shown.place), '[]'::jsonb)
  from jsonb_array_elements_text(${chatMessages.fileIds}) with ordinality shown(id, place)
  left join files f on f.id = shown.id and f.organization_id = chat_messages.organization_id and f.room_id = chat_messages.room_id
    and f.status = 'stored' and f.deleted_at is null and (f.expires_at is null or f.expires_at > ${now.toISOString()}::timestamptz)
    and f.access <> 'private' and f.scan_status <> 'infected')`;

/** Those of the files that are shared in the room, and that the viewer may read. */
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
      preview: previewOf(files.preview),
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
