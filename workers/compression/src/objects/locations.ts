import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { copyFile, realpath, rename, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve, sep } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** An object that cannot be read or written, in words for the caller. */
export class ObjectError extends Error {
  override readonly name = 'ObjectError';
}

export interface Location {
  place: { case: 'url' | 'path'; value: string } | { case: undefined };
  headers: Record<string, string>;
}

export interface LocationLimits {
  origins: readonly string[];
  folder: string | undefined;
  maxBytes: number;
}

const ATTEMPTS = 4;
/** What the connection itself decides. */
const OWN_HEADERS = /^(host|connection|content-length|transfer-encoding|range|expect|upgrade|te|trailer)$/i;

function readUrl(text: string, { origins }: LocationLimits): URL {
  if (!URL.canParse(text)) throw new ObjectError('the URL of an object is not valid');
  const url = new URL(text);
  if (!origins.includes(url.origin) || url.username !== '' || url.password !== '')
    throw new ObjectError(`objects of ${url.origin} are not read or written here`);
  return url;
}

/** The path of an object, whose folder must exist. Links that lead out of the folder of objects are not followed. */
async function readPath(text: string, { folder }: LocationLimits): Promise<string> {
  if (folder === undefined) throw new ObjectError('objects are not named by a path here');
  const root = await realpath(folder);
  const path = resolve(root, text);
  const parent = await realpath(dirname(path)).catch(() => '');
  const target = await realpath(path).catch(() => path); // what is written does not exist yet
  if (
    isAbsolute(text) ||
    !`${parent}${sep}`.startsWith(`${root}${sep}`) ||
    !target.startsWith(`${root}${sep}`)
  )
    throw new ObjectError('the path leads out of the folder of objects');
  return path;
}

function readHeaders({ headers }: Location): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !OWN_HEADERS.test(name)));
}

/** Where a response begins and ends. @throws ObjectError that is final; another error may be tried again */
function readLength(
  response: Response,
  offset: number,
  maxBytes: number,
): { left: number; isWhole: boolean } {
  const { status, headers } = response;
  const isWhole = status === 200;
  const [, from, total] = /^bytes (\d+)-\d+\/(\d+)$/.exec(headers.get('content-range') ?? '') ?? [];
  if (status >= 500) throw new Error(`its host answered ${status}`);
  if (!isWhole && (status !== 206 || Number(from) !== offset))
    throw new ObjectError(`the object cannot be read: its host answered ${status}`);
  const bytes = Number((isWhole ? headers.get('content-length') : total) ?? Number.NaN);
  if (!(bytes <= maxBytes))
    throw new ObjectError(`the object has ${bytes || 'an unknown number of'} bytes; ${maxBytes} are allowed`);
  return { left: bytes - (isWhole ? 0 : offset), isWhole };
}

/** Fetches the bytes that the file does not have yet. @throws ObjectError that is final; another error may be tried again */
async function fetchRest(
  url: URL,
  location: Location,
  file: string,
  { maxBytes }: LocationLimits,
  signal: AbortSignal,
) {
  const offset = await stat(file).then(
    ({ size }) => size,
    () => 0,
  );
  const headers = { ...readHeaders(location), range: `bytes=${offset}-` };
  const response = await fetch(url, { headers, redirect: 'error', signal });
  if (!response.body) throw new ObjectError('the object cannot be read: it has no content');
  try {
    let { left, isWhole } = readLength(response, offset, maxBytes);
    const bounded = async function* (chunks: AsyncIterable<Uint8Array>) {
      for await (const chunk of chunks) {
        left -= chunk.length;
        if (left < 0) throw new ObjectError('the object has more bytes than its host announced');
        yield chunk;
      }
    };
    const target = createWriteStream(file, { flags: isWhole ? 'w' : 'a' });
    await pipeline(Readable.fromWeb(response.body as never), bounded, target, { signal });
    if (left > 0) throw new Error('the connection ended early');
  } finally {
    if (!response.body.locked) await response.body.cancel();
  }
}

/** Reads an object into a file; continues where a broken connection ended. @throws ObjectError */
export async function readObject(
  location: Location,
  file: string,
  limits: LocationLimits,
  signal: AbortSignal,
): Promise<void> {
  const { place } = location;
  if (place.case === undefined) throw new ObjectError('the place of the object is missing');
  if (place.case === 'path') {
    const path = await readPath(place.value, limits);
    const { size } = await stat(path).catch(() => ({ size: -1 }));
    if (size < 0) throw new ObjectError('there is no object at this path');
    if (size > limits.maxBytes)
      throw new ObjectError(`the object has ${size} bytes; ${limits.maxBytes} are allowed`);
    return copyFile(path, file);
  }
  const url = readUrl(place.value, limits);
  for (let attempt = 1; ; attempt++)
    try {
      return await fetchRest(url, location, file, limits, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof ObjectError) throw error;
      if (attempt === ATTEMPTS)
        throw new ObjectError(`the object cannot be read: ${(error as Error).message}`);
      await sleep(200 * 2 ** attempt, undefined, { signal });
    }
}

/** @returns the SHA-256 in hex */
export async function hashFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

export interface WrittenObject {
  bytes: number;
  sha256: string;
}

/** Writes a file to where an object belongs, whole or not at all. @throws ObjectError */
export async function writeObject(
  location: Location,
  file: string,
  contentType: string,
  limits: LocationLimits,
  signal: AbortSignal,
): Promise<WrittenObject> {
  const { place } = location;
  if (place.case === undefined) throw new ObjectError('the place of the object is missing');
  const { size: bytes } = await stat(file);
  const written = { bytes, sha256: await hashFile(file) };
  if (place.case === 'path') {
    const path = await readPath(place.value, limits);
    const temporary = join(dirname(path), `.${crypto.randomUUID()}`);
    await copyFile(file, temporary);
    await rename(temporary, path);
    return written;
  }
  const url = readUrl(place.value, limits);
  const response = await fetch(url, {
    method: 'PUT',
    headers: { ...readHeaders(location), 'content-type': contentType, 'content-length': String(bytes) },
    body: Readable.toWeb(createReadStream(file)) as never,
    duplex: 'half',
    redirect: 'error',
    signal,
  }).catch((error: unknown) => {
    signal.throwIfAborted();
    throw new ObjectError(`the object cannot be written: ${(error as Error).message}`);
  });
  await response.arrayBuffer();
  if (!response.ok)
    throw new ObjectError(`the object cannot be written: its host answered ${response.status}`);
  return written;
}

/** Refuses places early that would be refused after the work. @throws ObjectError */
export async function checkLocation({ place }: Location, limits: LocationLimits): Promise<void> {
  if (place.case === 'url') readUrl(place.value, limits);
  else if (place.case === 'path') await readPath(place.value, limits);
  else throw new ObjectError('the place of the object is missing');
}
