import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Answer, appendPiece, describeObject, limit, readPiece } from './object-pieces.ts';

/** Names of objects: of letters, digits, dots, hyphens and underscores, as the ids of tasks, so that none leads out of the folder. */
const NAME = /^\/objects\/([A-Za-z0-9][A-Za-z0-9_-]{0,63}(?:\.[A-Za-z0-9-]{1,32}){0,2})$/;
/** Objects are deleted by their callers; older ones were forgotten. */
const MAX_AGE_MS = 3_600_000;
const SWEEP_MS = 300_000;

export interface ObjectExchange {
  /** Whether the path is one of the exchange. */
  takes(path: string): boolean;
  /** Answers `HEAD`, `GET`, `PUT` and `DELETE`. */
  answer(path: string, request: IncomingMessage, response: ServerResponse): void;
}

function end(response: ServerResponse, { status, headers = {}, body }: Answer): void {
  if (response.headersSent) response.destroy();
  else response.writeHead(status, { 'cache-control': 'no-store', ...headers }).end(body);
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
  if (!found?.isFile()) return end(response, { status: 404 });
  response.writeHead(200, {
    'content-type': 'application/octet-stream',
    'content-length': found.size,
    'cache-control': 'no-store',
  });
  await pipeline(createReadStream(file), response);
}

async function deleteForgotten(
  folder: string,
  now: number,
  isNeeded: (name: string) => boolean,
): Promise<void> {
  for (const name of await readdir(folder)) {
    if (isNeeded(name)) continue;
    const file = join(folder, name);
    const found = await stat(file).catch(() => undefined);
    if (found?.isFile() && now - found.mtimeMs > MAX_AGE_MS) await rm(file, { force: true });
  }
}

/**
 * The folder of objects over HTTP, for callers that share no disk with the service: they store the object that a request
 * names by its path, whole or in pieces, and fetch what was made of it.
 * @param isNeeded whether an object is kept however old it is
 * @throws when the folder cannot be made
 */
export async function createObjectExchange(
  folder: string,
  maxBytes: number,
  isNeeded: (name: string) => boolean,
): Promise<ObjectExchange> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const sweep = () => void deleteForgotten(folder, Date.now(), isNeeded).catch(() => undefined);
  setInterval(sweep, SWEEP_MS).unref();
  const run = async (name: string, request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method, headers } = request;
    const file = join(folder, name);
    if (method === 'PUT' && headers['content-range'] !== undefined)
      return end(response, await appendPiece({ folder, name }, maxBytes, request));
    if (method === 'PUT') return end(response, { status: await store(file, maxBytes, request) });
    if (method === 'HEAD') return end(response, await describeObject(file));
    if (method === 'GET' && headers.range !== undefined)
      return end(response, await readPiece(file, headers.range));
    if (method === 'GET') return send(file, response);
    if (method !== 'DELETE')
      return end(response, { status: 405, headers: { allow: 'HEAD, GET, PUT, DELETE' } });
    for (const each of [file, `${file}.part`]) await rm(each, { force: true });
    return end(response, { status: 204 });
  };
  return {
    takes: (path) => path.startsWith('/objects/'),
    answer(path, request, response) {
      const name = NAME.exec(path)?.[1];
      if (name === undefined) return end(response, { status: 404 });
      run(name, request, response).catch(() => end(response, { status: 500 }));
    },
  };
}
