import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Names of objects: of letters, digits, dots and hyphens, so that none leads out of the folder. */
const NAME = /^\/objects\/([A-Za-z0-9][A-Za-z0-9-]{0,63}(?:\.[A-Za-z0-9-]{1,32}){0,2})$/;
/** Objects are deleted by their callers; older ones were forgotten. */
const MAX_AGE_MS = 3_600_000;
const SWEEP_MS = 300_000;

export interface ObjectExchange {
  /** Whether the path is one of the exchange. */
  takes(path: string): boolean;
  /** Answers `PUT`, `GET` and `DELETE`. */
  answer(path: string, request: IncomingMessage, response: ServerResponse): void;
}

function end(response: ServerResponse, status: number, headers: Record<string, string | number> = {}): void {
  if (response.headersSent) response.destroy();
  else response.writeHead(status, { 'cache-control': 'no-store', ...headers }).end();
}

/** Passes on at most so many bytes. */
function limit(maxBytes: number): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      done(bytes > maxBytes ? new RangeError('the object is too large') : null, chunk);
    },
  });
}

/** Stores the body whole, or nothing: an object has its name once it is complete. */
async function store(file: string, maxBytes: number, request: IncomingMessage): Promise<number> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return 413;
  const part = `${file}.part`;
  try {
    await pipeline(request, limit(maxBytes), createWriteStream(part, { mode: 0o600 }));
    await rename(part, file);
    return 204;
  } catch (error) {
    await rm(part, { force: true });
    if (error instanceof RangeError) return 413;
    throw error;
  }
}

async function send(file: string, response: ServerResponse): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (!found?.isFile()) return end(response, 404);
  response.writeHead(200, {
    'content-type': 'application/octet-stream',
    'content-length': found.size,
    'cache-control': 'no-store',
  });
  await pipeline(createReadStream(file), response);
}

async function deleteForgotten(folder: string, now: number): Promise<void> {
  for (const name of await readdir(folder)) {
    const file = join(folder, name);
    const found = await stat(file).catch(() => undefined);
    if (found?.isFile() && now - found.mtimeMs > MAX_AGE_MS) await rm(file, { force: true });
  }
}

/**
 * The folder of objects over HTTP, for callers that share no disk with the service: they store the object that a request
 * names by its path, and fetch what was made of it.
 * @throws when the folder cannot be made
 */
export async function createObjectExchange(folder: string, maxBytes: number): Promise<ObjectExchange> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  setInterval(() => void deleteForgotten(folder, Date.now()).catch(() => undefined), SWEEP_MS).unref();
  const run = async (name: string, request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const file = join(folder, name);
    if (request.method === 'PUT') return end(response, await store(file, maxBytes, request));
    if (request.method === 'GET') return send(file, response);
    if (request.method !== 'DELETE') return end(response, 405, { allow: 'GET, PUT, DELETE' });
    await rm(file, { force: true });
    return end(response, 204);
  };
  return {
    takes: (path) => path.startsWith('/objects/'),
    answer(path, request, response) {
      const name = NAME.exec(path)?.[1];
      if (name === undefined) return end(response, 404);
      run(name, request, response).catch(() => end(response, 500));
    },
  };
}
