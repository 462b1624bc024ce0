import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { type FileHandle, open, readdir, rename, rm, stat } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Size of a piece of a fetched object: each is in memory while its digest is computed. */
const MAX_PIECE_BYTES = 16 * 1024 * 1024;
/** Capacity of the folder, in objects of the largest size. */
const MAX_OBJECTS = 4;

export interface Answer {
  status: number;
  headers?: Record<string, string | number>;
  body?: Buffer;
}

/** Passes on at most this many bytes. */
export function limit(maxBytes: number): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      done(bytes > maxBytes ? new RangeError('the object is too large') : null, chunk);
    },
  });
}

const sizeOf = async (file: string): Promise<number | undefined> => {
  const found = await stat(file).catch(() => undefined);
  return found?.isFile() ? found.size : undefined;
};

/** How much of an object is there: `Upload-Offset` and `Upload-Complete`. */
export async function describeObject(file: string): Promise<Answer> {
  const whole = await sizeOf(file);
  if (whole !== undefined)
    return { status: 200, headers: { 'upload-offset': whole, 'upload-complete': '?1' } };
  const part = await sizeOf(`${file}.part`);
  if (part === undefined) return { status: 404 };
  return { status: 200, headers: { 'upload-offset': part, 'upload-complete': '?0' } };
}

async function hasRoom(folder: string, sizeBytes: number, maxBytes: number): Promise<boolean> {
  const sizes = await Promise.all((await readdir(folder)).map((name) => sizeOf(join(folder, name))));
  const used = sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
  return used + sizeBytes <= MAX_OBJECTS * maxBytes;
}

/** Where a piece begins and ends, and how long the object is; nowhere for a header of another form. */
function readPosition(contentRange: string): { from: number; to: number; total: number } {
  const found = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15})$/.exec(contentRange);
  const [from = 0, to = -1, total = 0] = (found ?? []).slice(1).map(Number);
  return { from, to, total };
}

const busy = new Set<string>();

/**
 * Appends the piece of an object that `Content-Range` names; with the last one the object is there. What had arrived of a piece that
 * broke off stays: the sender asks how much that is, and continues behind it.
 */
export async function appendPiece(
  { folder, name }: { folder: string; name: string },
  maxBytes: number,
  request: IncomingMessage,
): Promise<Answer> {
  const { from, to, total } = readPosition(request.headers['content-range'] ?? '');
  if (to < from || to >= total) return { status: 400 };
  if (total > maxBytes) return { status: 413 };
  const file = join(folder, name);
  const part = `${file}.part`;
  const there = (await sizeOf(file)) ?? (await sizeOf(part)) ?? 0;
  if (there !== from || busy.has(file)) return { status: 409, headers: { 'upload-offset': there } };
  if (from === 0 && !(await hasRoom(folder, total, maxBytes)))
    return { status: 507, headers: { 'retry-after': 60 } };
  busy.add(file);
  try {
    await pipeline(request, limit(to - from + 1), createWriteStream(part, { flags: 'a', mode: 0o600 }));
    const size = (await sizeOf(part)) ?? 0;
    if (size === total) await rename(part, file);
    if (size > total) await rm(part, { force: true }); // two wrote at once; the sender begins again
    return { status: 204, headers: { 'upload-offset': size } };
  } finally {
    busy.delete(file);
  }
}

/** Fills the buffer, however little each read gives. @returns false when the file has become shorter: its rest would be zeros */
async function fill(body: Buffer, handle: FileHandle, from: number): Promise<boolean> {
  for (let at = 0; at < body.length;) {
    const { bytesRead } = await handle.read(body, at, body.length - at, from + at);
    if (bytesRead === 0) return false;
    at += bytesRead;
  }
  return true;
}

/** Reads the piece that `Range` names, with its digest (RFC 9530), so that the receiver can compare the bytes. */
export async function readPiece(file: string, range: string): Promise<Answer> {
  const found = /^bytes=(\d{1,15})-(\d{1,15})$/.exec(range);
  const [from = 0, to = -1] = (found ?? []).slice(1).map(Number);
  await using handle = await open(file).catch(() => undefined);
  const about = await handle?.stat();
  if (!handle || !about?.isFile()) return { status: 404 };
  const total = about.size;
  if (to < from || to >= total || to - from >= MAX_PIECE_BYTES)
    return { status: 416, headers: { 'content-range': `bytes */${total}` } };
  const body = Buffer.alloc(to - from + 1);
  if (!(await fill(body, handle, from))) return { status: 409 };
  const digest = createHash('sha256').update(body).digest('base64');
  const headers = {
    'content-range': `bytes ${from}-${to}/${total}`,
    'content-digest': `sha-256=:${digest}:`,
    'content-length': body.length,
  };
  return { status: 206, headers, body };
}
