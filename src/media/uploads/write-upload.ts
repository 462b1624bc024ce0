import { type Ctx, scopeOf } from '../../kernel/context/index.ts';
import { actorId, isError, requirePermission } from '../../kernel/core/index.ts';
import {
  extendUpload,
  fileErrors,
  fileKey,
  type FileRow,
  managedBy,
  selectExisting,
  selectUpload,
} from '../files/index.ts';
import { beginUpload, endUpload, giveUp, type NewFile, releaseUpload } from '../incoming-files/index.ts';
import { accessErrors } from '../../rooms/access/index.ts';
import { roomErrors } from '../../rooms/rooms/index.ts';
import { laterEnd, MAX_OPEN_UPLOADS, uploadEnd } from './tus.rules.ts';
import { uploadErrors } from './uploads.errors.ts';
import type { UploadPlan, UploadState } from './uploads.ports.ts';

/** An upload, or the file that it has become, and how many bytes of it are kept. */
export interface FoundUpload {
  file: FileRow;
  offset: number;
}

type Body = ReadableStream<Uint8Array> | null;

const planOf = (file: FileRow): UploadPlan => ({
  key: fileKey(file),
  sizeBytes: file.sizeBytes,
  contentType: file.contentType,
  endsAtMs: file.uploadEndsAt!.getTime(),
});

/**
 * The caller's upload, or the file that it has become.
 * @param uploadedBy null for an upload of anybody
 * @throws AppError `uploads.not_found`, `uploads.expired` or `auth.forbidden`
 */
async function findUpload(ctx: Ctx, fileId: string, uploadedBy = actorId(ctx.actor)): Promise<FileRow> {
  requirePermission(ctx.actor, 'files:write');
  const [[file]] = await ctx.read((q) => [selectUpload(q, ctx.organizationId, fileId, uploadedBy)]);
  if (!file) throw uploadErrors.notFound();
  if (file.uploadEndsAt && file.uploadEndsAt.getTime() <= ctx.clock.now()) throw uploadErrors.expired();
  return file;
}

/** Gives up an upload and frees its storage. If its session cannot be reached, its alarm deletes that. */
async function release(ctx: Ctx, file: FileRow): Promise<void> {
  await releaseUpload(ctx, file);
  ctx.after('uploads.forget', () => ctx.ports.uploads.end(file.id));
}

/** An upload that gets bytes waits longer for the next ones. What fails here shows with the end of the upload only. */
function extend(ctx: Ctx, file: FileRow): FileRow {
  const uploadEndsAt = laterEnd(file, ctx.clock.now());
  if (!uploadEndsAt) return file;
  ctx.after('uploads.extend', () =>
    ctx.commit({
      scope: { ...scopeOf(ctx.actor), ignoresPlan: true },
      write: (q) => [extendUpload(q, file, uploadEndsAt)],
      result: undefined,
    }),
  );
  return { ...file, uploadEndsAt };
}

/** Deletes the bytes of an upload whose row went while they arrived; what fails here is collected later. */
async function forgetIfGone(ctx: Ctx, file: FileRow): Promise<void> {
  const { id } = file;
  // A file that was deleted in the meantime has its row, and can be restored.
  const [rows] = await ctx.read((q) => [selectExisting(q, [id])]);
  if (rows.length > 0) return;
  ctx.after('uploads.forget_given_up', async () => {
    await ctx.ports.uploads.end(id);
    await ctx.ports.objects.delete([fileKey(file)]);
  });
}

/** Makes a file of an upload that is complete. Of two requests that do so at once, the second finds the file of the first. */
async function finish(
  ctx: Ctx,
  file: FileRow,
  { offset, isComplete, checksum }: UploadState,
): Promise<FoundUpload> {
  if (!isComplete) return { file, offset };
  try {
    const stored = await endUpload(ctx, file, checksum);
    ctx.after('uploads.forget', () => ctx.ports.uploads.end(file.id));
    return { file: stored, offset };
  } catch (error) {
    // The room of the upload is no longer open to its uploader.
    if (isError(error, accessErrors.removed, roomErrors.notFound)) await release(ctx, file);
    else if (isError(error, fileErrors.notFound)) await forgetIfGone(ctx, file);
    else throw error;
    return { file: await findUpload(ctx, file.id), offset };
  }
}

/** Appends bytes to an upload. @throws AppError `uploads.offset_mismatch` or `uploads.too_long` */
async function write(ctx: Ctx, file: FileRow, offset: number, body: Body): Promise<FoundUpload> {
  const { kind, state } = await ctx.ports.uploads.append(file.id, planOf(file), offset, body);
  if (kind === 'conflict')
    throw uploadErrors.offsetMismatch({ detail: `the upload has ${state.offset} bytes` });
  if (kind === 'too_long') throw uploadErrors.tooLong({ detail: `the upload has ${file.sizeBytes} bytes` });
  return finish(ctx, file, state);
}

/**
 * Begins a resumable upload, with the first bytes where the request brings some. Its size counts in the storage of the organization
 * from now on; when these bytes fail the upload is given up, because its client has no address of it.
 * @throws AppError what `beginUpload` throws, `uploads.too_long` or `server.unavailable`
 */
export async function createUpload(
  ctx: Ctx,
  input: NewFile,
  expected: { sizeBytes: number; contentType: string },
  body: Body,
): Promise<FoundUpload> {
  const nowMs = ctx.clock.now();
  const uploadEndsAt = uploadEnd(new Date(nowMs), nowMs);
  const bounds = { mostOpen: MAX_OPEN_UPLOADS };
  const file = await beginUpload(ctx, input, { ...expected, uploadEndsAt }, bounds);
  if (!body && file.sizeBytes > 0) return { file, offset: 0 };
  try {
    return await write(ctx, file, 0, body);
  } catch (error) {
    await giveUp(ctx, file);
    ctx.after('uploads.forget', () => ctx.ports.uploads.end(file.id));
    throw error;
  }
}

/**
 * Appends the bytes of a request to the caller's upload. What arrives before a connection breaks is kept.
 * @throws AppError `uploads.not_found`, `uploads.expired`, `uploads.offset_mismatch`, `uploads.too_long` or `auth.forbidden`
 */
export async function appendToUpload(
  ctx: Ctx,
  fileId: string,
  offset: number,
  body: Body,
): Promise<FoundUpload> {
  const file = await findUpload(ctx, fileId);
  if (file.status === 'uploading') return write(ctx, extend(ctx, file), offset, body);
  if (offset !== file.sizeBytes) throw uploadErrors.offsetMismatch({ detail: 'the upload is complete' });
  return { file, offset };
}

/**
 * The offset of the caller's upload. An upload whose last request died after the last byte becomes a file here.
 * @throws AppError `uploads.not_found`, `uploads.expired` or `auth.forbidden`
 */
export async function getUpload(ctx: Ctx, fileId: string): Promise<FoundUpload> {
  const file = await findUpload(ctx, fileId);
  if (file.status === 'stored') return { file, offset: file.sizeBytes };
  return finish(ctx, file, await ctx.ports.uploads.state(fileId, planOf(file)));
}

/**
 * Gives up an upload of the caller, or of anybody with `files:manage`, and frees its storage.
 * @throws AppError `uploads.not_found`, `uploads.expired` or `auth.forbidden`
 */
export async function deleteUpload(ctx: Ctx, fileId: string): Promise<void> {
  const file = await findUpload(ctx, fileId, managedBy(ctx.actor));
  if (file.status === 'stored') throw uploadErrors.notFound();
  await release(ctx, file);
}
