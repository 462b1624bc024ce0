import type { Ctx } from '../../kernel/context/index.ts';
import { actorId, AppError, requirePermission } from '../../kernel/core/index.ts';
import {
  beginUpload,
  endUpload,
  fileErrors,
  fileKey,
  type FileRow,
  type NewFile,
  releaseUpload,
  selectExisting,
  selectUpload,
} from '../files/index.ts';
import { accessErrors } from '../../rooms/access/index.ts';
import { roomErrors } from '../../rooms/rooms/index.ts';
import { UPLOAD_HOURS } from './tus.rules.ts';
import { uploadErrors } from './uploads.errors.ts';
import type { UploadPlan, UploadState } from './uploads.ports.ts';

/** An upload, or the file that it has become, and how many bytes of it are kept. */
export interface FoundUpload {
  file: FileRow;
  offset: number;
}

/** The room of an upload is not open to its uploader any more. */
const ENDED_ROOM_CODES = [accessErrors.removed, roomErrors.notFound].map(({ definition }) => definition.code);

type Body = ReadableStream<Uint8Array> | null;

const planOf = (file: FileRow): UploadPlan => ({
  key: fileKey(file),
  sizeBytes: file.sizeBytes,
  contentType: file.contentType,
  endsAtMs: file.uploadEndsAt!.getTime(),
});

/** The caller's upload, or the file that it has become. @throws AppError `uploads.not_found`, `uploads.expired` or `auth.forbidden` */
async function findUpload(ctx: Ctx, fileId: string): Promise<FileRow> {
  requirePermission(ctx.actor, 'files:write');
  const [[file]] = await ctx.read((q) => [
    selectUpload(q, ctx.organizationId, fileId, actorId(ctx.actor) ?? ''),
  ]);
  if (!file) throw uploadErrors.notFound();
  if (file.uploadEndsAt && file.uploadEndsAt.getTime() <= ctx.clock.now()) throw uploadErrors.expired();
  return file;
}

/** Gives up an upload: what it held is free. */
async function release(ctx: Ctx, file: FileRow): Promise<void> {
  await ctx.ports.uploads.end(file.id);
  await releaseUpload(ctx, file);
}

/** Deletes the bytes of an upload whose row went while they arrived; what fails here is collected later. */
async function forgetIfGone(ctx: Ctx, { id, organizationId }: FileRow): Promise<void> {
  // A file that was deleted in the meantime has its row, and can be restored.
  const [rows] = await ctx.read((q) => [selectExisting(q, [id])]);
  if (rows.length > 0) return;
  ctx.after('uploads.forget_given_up', async () => {
    await ctx.ports.uploads.end(id);
    await ctx.ports.objects.delete([fileKey({ id, organizationId })]);
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
    const code = error instanceof AppError ? error.code : undefined;
    if (code !== undefined && ENDED_ROOM_CODES.includes(code)) await release(ctx, file);
    else if (code === fileErrors.notFound.definition.code) await forgetIfGone(ctx, file);
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
 * from now on.
 * @throws AppError what `beginUpload` throws, `uploads.too_long`
 */
export async function createUpload(
  ctx: Ctx,
  input: NewFile,
  expected: { sizeBytes: number; contentType: string },
  body: Body,
): Promise<FoundUpload> {
  const uploadEndsAt = new Date(ctx.clock.now() + UPLOAD_HOURS * 3_600_000);
  const file = await beginUpload(ctx, input, { ...expected, uploadEndsAt });
  return body || file.sizeBytes === 0 ? write(ctx, file, 0, body) : { file, offset: 0 };
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
  if (file.status === 'uploading') return write(ctx, file, offset, body);
  if (offset !== file.sizeBytes) throw uploadErrors.offsetMismatch({ detail: 'the upload is complete' });
  return { file, offset };
}

/**
 * Where the caller's upload stands. One whose last request died after its last byte becomes a file here.
 * @throws AppError `uploads.not_found`, `uploads.expired` or `auth.forbidden`
 */
export async function getUpload(ctx: Ctx, fileId: string): Promise<FoundUpload> {
  const file = await findUpload(ctx, fileId);
  if (file.status === 'stored') return { file, offset: file.sizeBytes };
  return finish(ctx, file, await ctx.ports.uploads.state(fileId, planOf(file)));
}

/** Gives up the caller's upload: what it held is free. @throws AppError `uploads.not_found`, `uploads.expired` or `auth.forbidden` */
export async function deleteUpload(ctx: Ctx, fileId: string): Promise<void> {
  const file = await findUpload(ctx, fileId);
  if (file.status === 'stored') throw uploadErrors.notFound();
  await release(ctx, file);
}
