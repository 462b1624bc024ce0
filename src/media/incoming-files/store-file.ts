import { type Ctx, scopeOf } from '../../kernel/context/index.ts';
import { actorId, requireFuture, requirePermission } from '../../kernel/core/index.ts';
import { requireAdmitted, requireRoomAccess } from '../../rooms/access/index.ts';
import { detectFileType } from '../file-types/index.ts';
import {
  deleteUpload,
  fileErrors,
  fileKey,
  type FileRow,
  fileUploaded,
  finishUpload,
  firstPreviewStatus,
  insertUpload,
  requireOpenRoom,
  requireRoomFor,
  sharerOf,
} from '../files/index.ts';
import type { NewFile } from './incoming-files.schemas.ts';

/** What is known about the bytes before they arrive. */
export interface ExpectedBytes {
  sizeBytes: number;
  /** The name that the uploader gave. */
  contentType: string;
  /** When the upload is given up. */
  uploadEndsAt: Date;
}

/** The limits of the uploads of one actor. */
interface UploadBounds {
  /** How many of them may be open at a time; undefined for any number. */
  mostOpen?: number;
}

/** The room and the open call in which a file is shared. @throws AppError `rooms.not_found`, `rooms.removed` or `rooms.denied` */
async function findPlace(ctx: Ctx, roomId: string | undefined) {
  if (roomId === undefined) return { roomId: null, callId: null };
  const [access] = await requireRoomAccess(ctx, { roomId });
  requireAdmitted(access);
  return { roomId, callId: access.call?.id ?? null };
}

/**
 * Begins an upload: holds its size in the organization's storage until it is finished or given up.
 * @throws AppError `auth.forbidden`, `rooms.*`, `files.room_required`, `files.expiry_in_past`, `files.too_many_uploads` or
 * `billing.limit_reached`
 */
export async function beginUpload(
  ctx: Ctx,
  input: NewFile,
  expected: ExpectedBytes,
  { mostOpen }: UploadBounds = {},
): Promise<FileRow> {
  const { actor, organizationId } = ctx;
  requirePermission(actor, 'files:write');
  const now = new Date(ctx.clock.now());
  const expiresAt = input.expiresAt === undefined ? null : new Date(input.expiresAt);
  requireFuture(expiresAt, now.getTime(), fileErrors.expiryInPast);
  const place = await findPlace(ctx, input.roomId);
  const row: FileRow = {
    id: ctx.ids.create('file'),
    organizationId,
    userId: actor.kind === 'user' ? actor.userId : null,
    uploadedBy: actorId(actor)!,
    name: input.name,
    checksum: null,
    objectSuffix: null,
    replacedAt: null,
    access: input.access ?? (place.roomId === null ? 'private' : 'participants'),
    ...place,
    ...expected,
    status: 'uploading',
    scanStatus: 'pending',
    scanAttempts: 0,
    previewStatus: 'none',
    previewAttempts: 0,
    preview: null,
    expiresAt,
    deletedAt: null,
    createdAt: now,
    updatedAt: now,
    version: 1,
  };
  requireRoomFor(row);
  return ctx.commit({ write: (q) => insertUpload(q, row, mostOpen), result: row });
}

/** The type of stored bytes, read in ranges. */
function detectStoredType({ ports: { objects } }: Ctx, key: string, sizeBytes: number): Promise<string> {
  return detectFileType(sizeBytes, async (offset, length) => {
    const object = await objects.get(key, { offset, length });
    if (!object) throw new Error(`${key} is not in object storage`);
    return new Uint8Array(await new Response(object.body).arrayBuffer());
  });
}

/**
 * Makes a file of an upload whose bytes are all stored.
 * @param checksum SHA-256 in hex; null when it is not known yet
 * @throws AppError `files.not_found` when the upload has been given up; `rooms.not_found` or `rooms.removed` when its
 * room is no longer open to the uploader
 */
export async function endUpload(ctx: Ctx, row: FileRow, checksum: string | null): Promise<FileRow> {
  requirePermission(ctx.actor, 'files:write');
  const contentType = await detectStoredType(ctx, fileKey(row), row.sizeBytes);
  const previewStatus = firstPreviewStatus({ contentType, sizeBytes: row.sizeBytes });
  const set = { contentType, checksum, previewStatus, updatedAt: new Date(ctx.clock.now()) };
  const { name, sizeBytes, access, roomId } = row;
  return ctx.commit({
    // The plan decided at the beginning.
    scope: { ...scopeOf(ctx.actor), ignoresPlan: true },
    write: (q) => [...requireOpenRoom(q, row, sharerOf(ctx.actor)), finishUpload(q, row, set)],
    audit: {
      action: 'file.uploaded',
      target: { type: 'file', id: row.id },
      after: { name, sizeBytes, contentType, access, roomId },
    },
    events: [fileUploaded.of({ fileId: row.id })],
    result: { ...row, ...set, status: 'stored', uploadEndsAt: null, version: row.version + 1 },
  });
}

/**
 * Gives up an upload: its size no longer counts, and its bytes are deleted. The row is deleted first, so that a fault
 * of object storage holds no space; bytes that it leaves are collected later.
 */
export async function releaseUpload(ctx: Ctx, row: FileRow): Promise<void> {
  const { id, name, sizeBytes, uploadedBy } = row;
  const scope = { ...scopeOf(ctx.actor), ignoresPlan: true } as const;
  await ctx.commit({
    scope,
    write: (q) => [deleteUpload(q, row)],
    audit:
      uploadedBy === actorId(ctx.actor)
        ? []
        : { action: 'file.upload_ended', target: { type: 'file', id }, before: { name, sizeBytes } },
    result: undefined,
  });
  ctx.after('files.delete_bytes', () => ctx.ports.objects.delete([fileKey(row)]));
}

/** Gives up an upload that cannot be finished. A failure is logged, and hides none before it: the sweep ends the upload later. */
export async function giveUp(ctx: Ctx, row: FileRow): Promise<void> {
  const released = releaseUpload(ctx, row);
  ctx.after('files.release_upload', () => released);
  await Promise.allSettled([released]);
}
