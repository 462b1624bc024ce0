import { requestErrors } from '../../kernel/core/index.ts';
import type { FileRow } from '../files/index.ts';
import { createFileSchema, type NewFile } from '../incoming-files/index.ts';
import { uploadErrors } from './uploads.errors.ts';

export const TUS_VERSION = '1.0.0';

/** Hours after its beginning at which an upload that has not ended is given up. */
export const UPLOAD_HOURS = 24;

/**
 * Minutes without bytes after which an upload is given up: long enough to carry a laptop elsewhere, too short for a
 * forgotten upload.
 */
export const IDLE_MINUTES = 60;

/** Uploads that a user or an API key may have open at a time; clients send only a few at once. */
export const MAX_OPEN_UPLOADS = 50;

const MINUTE_MS = 60_000;

/** When an upload that began at `startedAt` and gets bytes now is given up without more of them. */
export const uploadEnd = (startedAt: Date, nowMs: number): Date =>
  new Date(Math.min(startedAt.getTime() + UPLOAD_HOURS * 60 * MINUTE_MS, nowMs + IDLE_MINUTES * MINUTE_MS));

/** The end to store for an upload that gets bytes now; undefined when it would be hardly later than the stored one. */
export function laterEnd({ createdAt, uploadEndsAt }: FileRow, nowMs: number): Date | undefined {
  const end = uploadEnd(createdAt, nowMs);
  return uploadEndsAt && end.getTime() - uploadEndsAt.getTime() >= 5 * MINUTE_MS ? end : undefined;
}

/** @throws AppError `uploads.unsupported_version` */
export function requireTusVersion(version: string | undefined): void {
  if (version !== TUS_VERSION)
    throw uploadErrors.unsupportedVersion({ detail: `send Tus-Resumable: ${TUS_VERSION}` });
}

const invalidMetadata = (message: string) =>
  requestErrors.invalid({ errors: [{ pointer: '#/header/Upload-Metadata', message }] });

/** The text whose UTF-8 is in base64; undefined for anything else. */
function decodeBase64(base64: string): string | undefined {
  try {
    const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** The pairs of an `Upload-Metadata`: a key, and its value in base64. @throws AppError `request.invalid` */
export function parseUploadMetadata(header: string | undefined): Map<string, string> {
  const pairs = (header ?? '').split(',').filter((pair) => pair.trim() !== '');
  return new Map(
    pairs.map((pair) => {
      const [key = '', value = '', ...rest] = pair.trim().split(' ');
      const text = rest.length === 0 ? decodeBase64(value) : undefined;
      if (text === undefined) throw invalidMetadata(`${key} must be followed by its value in base64`);
      return [key, text];
    }),
  );
}

/** A media type with its parameters (RFC 9110, 8.3.1), on one line. */
const MEDIA_TYPE = /^[\w!#$&^.+-]{1,100}\/[\w!#$&^.+-]{1,100}(?:;[\x20-\x7E]{0,200})?$/;

/** The metadata of a file. Unknown keys are left out, because clients send some of their own. @throws AppError `request.invalid` */
export function readNewFile(header: string | undefined): { file: NewFile; contentType: string } {
  const metadata = parseUploadMetadata(header);
  const fields = {
    name: metadata.get('filename') ?? metadata.get('name'),
    access: metadata.get('access'),
    roomId: metadata.get('roomId'),
    expiresAt: metadata.get('expiresAt'),
  };
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  const parsed = createFileSchema.safeParse(given);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw invalidMetadata(
      `${issue!.path[0] === 'name' ? 'filename' : String(issue!.path[0])}: ${issue!.message}`,
    );
  }
  // Browsers that do not know a type send an empty one.
  const contentType = metadata.get('filetype') || 'application/octet-stream';
  if (!MEDIA_TYPE.test(contentType)) throw invalidMetadata('filetype: must be a media type');
  return { file: parsed.data, contentType };
}

/** The headers that say where an upload stands. */
export const uploadHeaders = (
  { sizeBytes, uploadEndsAt }: FileRow,
  offset: number,
): Record<string, string> => ({
  'Upload-Offset': String(offset),
  'Upload-Length': String(sizeBytes),
  ...(uploadEndsAt ? { 'Upload-Expires': uploadEndsAt.toUTCString() } : {}),
});
