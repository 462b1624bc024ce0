import type { Ctx } from '../../kernel/context/index.ts';
import { AppError, requestErrors, serverErrors } from '../../kernel/core/index.ts';
import { ChecksumMismatch, IncompleteStream } from '../../platform/objects/index.ts';
import { fileErrors, fileKey, type FileRow } from '../files/index.ts';
import { MAX_REQUEST_BYTES, REQUEST_UPLOAD_SECONDS } from './incoming-files.rules.ts';
import type { NewFile } from './incoming-files.schemas.ts';
import { beginUpload, endUpload, giveUp } from './store-file.ts';

/** A file as a request brings it. */
export interface IncomingFile {
  body: ReadableStream<Uint8Array> | null;
  /** Undefined when the request does not say it. */
  sizeBytes: number | undefined;
  contentType: string;
  /** SHA-256 in hex that the bytes must have. */
  checksum: string | undefined;
}

/** @throws AppError `files.length_required` or `files.too_large` */
function requireSize(sizeBytes: number | undefined): number {
  if (sizeBytes === undefined) throw fileErrors.lengthRequired();
  if (sizeBytes > MAX_REQUEST_BYTES)
    throw fileErrors.tooLarge({ detail: `at most ${MAX_REQUEST_BYTES} bytes` });
  return sizeBytes;
}

/** @throws AppError `request.unsupported_media_type`: a form would be stored with its envelope around the file */
function refuseForm(contentType: string): void {
  if (/^multipart\//i.test(contentType.trim()))
    throw requestErrors.unsupportedMediaType({ detail: 'the body is the file itself, not a form' });
}

const EMPTY = () => new Blob([]).stream();

/** The error for the client when the store or the sender failed. */
function toUploadError(cause: unknown): unknown {
  if (cause instanceof AppError) return cause;
  if (cause instanceof ChecksumMismatch) return fileErrors.checksumMismatch({ cause });
  if (cause instanceof IncompleteStream) return fileErrors.uploadIncomplete({ cause });
  return serverErrors.unavailable({ detail: 'the file could not be stored', cause });
}

/** Stores the bytes as they arrive, and makes a file of them; whatever fails, the upload is given up. */
async function storeFile(ctx: Ctx, row: FileRow, { body, checksum }: IncomingFile): Promise<FileRow> {
  const { sizeBytes, contentType } = row;
  try {
    const object = { contentType, sizeBytes, checksum };
    const stored = await ctx.ports.objects.putStream(fileKey(row), body ?? EMPTY(), object);
    return await endUpload(ctx, row, stored.checksum);
  } catch (error) {
    await giveUp(ctx, row);
    throw toUploadError(error);
  }
}

/**
 * Uploads a file in one request.
 * @throws AppError what `beginUpload` and `endUpload` throw, `files.length_required`, `files.too_large`,
 * `files.upload_incomplete`, `files.checksum_mismatch` or `server.unavailable`
 */
export async function createFile(ctx: Ctx, input: NewFile, incoming: IncomingFile): Promise<FileRow> {
  const { contentType } = incoming;
  refuseForm(contentType);
  const sizeBytes = requireSize(incoming.sizeBytes);
  const uploadEndsAt = new Date(ctx.clock.now() + REQUEST_UPLOAD_SECONDS * 1000);
  const row = await beginUpload(ctx, input, { sizeBytes, contentType, uploadEndsAt });
  const stored = storeFile(ctx, row, incoming);
  // A client that hangs up does not end the work that cleans up after it.
  ctx.after('files.store', () => Promise.allSettled([stored]));
  return stored;
}
