import type { Ctx } from '../../kernel/context/index.ts';
import { ChecksumMismatch } from '../../platform/objects/index.ts';
import { fileErrors } from './files.errors.ts';
import { fileKey, type FileRow, MAX_REQUEST_BYTES, REQUEST_UPLOAD_SECONDS } from './files.rules.ts';
import type { NewFile } from './files.schemas.ts';
import { beginUpload, endUpload, releaseUpload } from './store-file.ts';

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

const EMPTY = () => new Blob([]).stream();

/** Stores the bytes as they arrive; whatever they fail with, the upload is given up. */
async function storeBytes(ctx: Ctx, row: FileRow, { body, checksum }: IncomingFile): Promise<string | null> {
  const { sizeBytes, contentType } = row;
  try {
    const object = { contentType, sizeBytes, checksum };
    return (await ctx.ports.objects.putStream(fileKey(row), body ?? EMPTY(), object)).checksum;
  } catch (cause) {
    await releaseUpload(ctx, row);
    if (cause instanceof ChecksumMismatch) throw fileErrors.checksumMismatch({ cause });
    throw fileErrors.uploadIncomplete({ cause });
  }
}

/**
 * Uploads a file in one request.
 * @throws AppError what `beginUpload` throws, `files.length_required`, `files.too_large`, `files.upload_incomplete` or
 * `files.checksum_mismatch`
 */
export async function createFile(ctx: Ctx, input: NewFile, incoming: IncomingFile): Promise<FileRow> {
  const sizeBytes = requireSize(incoming.sizeBytes);
  const { contentType } = incoming;
  const uploadEndsAt = new Date(ctx.clock.now() + REQUEST_UPLOAD_SECONDS * 1000);
  const row = await beginUpload(ctx, input, { sizeBytes, contentType, uploadEndsAt });
  return endUpload(ctx, row, await storeBytes(ctx, row, incoming));
}
