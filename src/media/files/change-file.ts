import type { Ctx } from '../../kernel/context/index.ts';
import {
  diffFields,
  type IfMatch,
  requireFuture,
  requirePermission,
  requireVersion,
} from '../../kernel/core/index.ts';
import { fileErrors } from './files.errors.ts';
import { fileDeleted, fileRestored, fileUpdated } from './files.events.ts';
import { changeFile, deleteFileRow } from './files.queries.ts';
import { keysOf, type FileRow, mayChange, requireRoomFor, sharerOf } from './files.rules.ts';
import type { UpdateFile } from './files.schemas.ts';
import { requireOpenRoom } from './upload.queries.ts';
import { getDeletedFile, getErasableFile, getFile } from './read-files.ts';

const targetOf = ({ id }: FileRow) => ({ type: 'file', id });

/** A file that the caller may change; for people who may only read it, it is not found. */
async function getOwnFile(ctx: Ctx, fileId: string, read = getFile): Promise<FileRow> {
  requirePermission(ctx.actor, 'files:write');
  const file = await read(ctx, fileId);
  if (!mayChange(ctx.actor, file)) throw fileErrors.notFound();
  return file;
}

/**
 * Changes name, access or expiry of a file.
 * @throws AppError `files.not_found`, `files.expiry_in_past`, `files.room_required`, `request.stale` or `auth.forbidden`;
 * `rooms.removed` or `rooms.not_found` when it would be shared in a room that is not open to the caller
 */
export async function updateFile(
  ctx: Ctx,
  fileId: string,
  { expiresAt, ...input }: UpdateFile,
  ifMatch: IfMatch,
): Promise<FileRow> {
  const file = await getOwnFile(ctx, fileId);
  requireVersion(file, ifMatch);
  const now = new Date(ctx.clock.now());
  const expiry = expiresAt == null ? expiresAt : new Date(expiresAt);
  requireFuture(expiry, now.getTime(), fileErrors.expiryInPast);
  const changes = { ...input, ...(expiry === undefined ? {} : { expiresAt: expiry }) };
  requireRoomFor({ ...file, ...changes });
  const set = { ...changes, updatedAt: now };
  const isShared = input.access !== undefined && input.access !== 'private';
  return ctx.commit({
    write: (q) => [
      ...(isShared ? requireOpenRoom(q, file, sharerOf(ctx.actor)) : []),
      changeFile(q, file, set),
    ],
    audit: { action: 'file.updated', target: targetOf(file), ...diffFields(file, changes) },
    events: [fileUpdated.of({ fileId })],
    result: { ...file, ...set, version: file.version + 1 },
  });
}

/**
 * Deletes a file. It still counts in the organization's storage, and can be restored for 30 days.
 * @throws AppError `files.not_found`, `request.stale` or `auth.forbidden`
 */
async function markDeleted(ctx: Ctx, fileId: string, ifMatch: IfMatch): Promise<void> {
  const file = await getOwnFile(ctx, fileId);
  requireVersion(file, ifMatch);
  const now = new Date(ctx.clock.now());
  return ctx.commit({
    write: (q) => [changeFile(q, file, { deletedAt: now, updatedAt: now })],
    audit: { action: 'file.deleted', target: targetOf(file), before: { name: file.name } },
    events: [fileDeleted.of({ fileId })],
    result: undefined,
  });
}

/**
 * Deletes a file for good, even if it was deleted before: its size no longer counts. Its row is deleted first, so that
 * nobody finds a file without bytes; bytes that a failure leaves are collected later.
 */
async function erase(ctx: Ctx, fileId: string, ifMatch: IfMatch): Promise<void> {
  const file = await getOwnFile(ctx, fileId, getErasableFile);
  requireVersion(file, ifMatch);
  await ctx.commit({
    write: (q) => [deleteFileRow(q, file)],
    audit: { action: 'file.erased', target: targetOf(file), before: { name: file.name } },
    events: [fileDeleted.of({ fileId })],
    result: undefined,
  });
  ctx.after('files.delete_bytes', () => ctx.ports.objects.delete(keysOf(file)));
}

/** @throws AppError `files.not_found`, `request.stale` or `auth.forbidden` */
export const deleteFile = (ctx: Ctx, fileId: string, permanently: boolean, ifMatch: IfMatch): Promise<void> =>
  permanently ? erase(ctx, fileId, ifMatch) : markDeleted(ctx, fileId, ifMatch);

/**
 * Restores a deleted file.
 * @throws AppError `files.not_found`, also when it was deleted too long ago; `request.stale` or `auth.forbidden`
 */
export async function restoreFile(ctx: Ctx, fileId: string): Promise<FileRow> {
  const file = await getOwnFile(ctx, fileId, getDeletedFile);
  const now = new Date(ctx.clock.now());
  const set = { deletedAt: null, updatedAt: now };
  return ctx.commit({
    write: (q) => [changeFile(q, file, set)],
    audit: { action: 'file.restored', target: targetOf(file), after: { name: file.name } },
    events: [fileRestored.of({ fileId })],
    result: { ...file, ...set, version: file.version + 1 },
  });
}
