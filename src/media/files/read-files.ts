import type { Ctx } from '../../kernel/context/index.ts';
import { type Page, pageOf, readCursor } from '../../kernel/core/index.ts';
import { requireAdmitted, requireRoomAccess } from '../../rooms/access/index.ts';
import { fileErrors } from './files.errors.ts';
import { type FileReader, selectDeletedFile, selectErasableFile, selectFile } from './files.queries.ts';
import { selectFiles } from './list.queries.ts';
import { fileViewerOf, type FileRow, restorableSince } from './files.rules.ts';
import type { ListFiles } from './files.schemas.ts';
import type { Queries } from '../../kernel/db/index.ts';

type FileSelect = ReturnType<typeof selectFile> | ReturnType<typeof selectFiles>;

/** Reads files in one round trip: for a guest with their access to the room of their ticket. */
async function readForCaller(
  ctx: Ctx,
  select: (q: Queries, reader: FileReader) => FileSelect,
): Promise<FileRow[]> {
  const viewer = fileViewerOf(ctx.actor);
  const reader = { organizationId: ctx.organizationId, viewer, now: new Date(ctx.clock.now()) };
  if (viewer.guestOfRoom === null) {
    const [rows] = await ctx.read((q) => [select(q, reader)]);
    return rows;
  }
  const [access, rows] = await requireRoomAccess(ctx, { roomId: viewer.guestOfRoom }, (q) => [
    select(q, reader),
  ]);
  requireAdmitted(access);
  return rows;
}

/** A file that the caller may read. @throws AppError `files.not_found`, also for a hidden one; `auth.forbidden`, `rooms.*` of a guest */
export async function getFile(ctx: Ctx, fileId: string): Promise<FileRow> {
  const [file] = await readForCaller(ctx, (q, reader) => selectFile(q, reader, fileId));
  if (!file) throw fileErrors.notFound();
  return file;
}

/** A deleted file that the caller can restore. @throws AppError `files.not_found` or `auth.forbidden` */
export async function getDeletedFile(ctx: Ctx, fileId: string): Promise<FileRow> {
  const since = restorableSince(ctx.clock.now());
  const [file] = await readForCaller(ctx, (q, reader) => selectDeletedFile(q, reader, fileId, since));
  if (!file) throw fileErrors.notFound();
  return file;
}

/** A file that the caller may read, or a deleted one that they can restore. @throws AppError `files.not_found` or `auth.forbidden` */
export async function getErasableFile(ctx: Ctx, fileId: string): Promise<FileRow> {
  const since = restorableSince(ctx.clock.now());
  const [file] = await readForCaller(ctx, (q, reader) => selectErasableFile(q, reader, fileId, since));
  if (!file) throw fileErrors.notFound();
  return file;
}

/** The files that the caller may read, the newest first. @throws AppError `auth.forbidden`, `rooms.*` of a guest */
export async function listFiles(
  ctx: Ctx,
  { limit, cursor, deleted, ...filter }: ListFiles,
): Promise<Page<FileRow>> {
  const before = readCursor(cursor);
  const deletedSince = deleted === 'true' ? restorableSince(ctx.clock.now()) : undefined;
  const rows = await readForCaller(ctx, (q, reader) =>
    selectFiles(q, reader, { ...filter, deletedSince }, { before, limit }),
  );
  return pageOf(rows, limit, ({ id }) => id);
}
