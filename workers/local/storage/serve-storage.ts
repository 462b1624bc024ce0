import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { readJsonFile, writePrivateJson } from '../json-files.ts';
import { createLocalServer, listen, type LocalServer } from '../listen.ts';
import { findSignatureFault, formatRefusal, sha256Hex, STATUS_BY_CODE } from './signature.ts';

export interface StorageOptions {
  port: number;
  /** Folder of the objects. */
  folder: string;
  bucket: string;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
}

/** Metadata of an object, in a file beside its bytes. */
interface StoredObject {
  key: string;
  contentType: string;
  sizeBytes: number;
  /** Base64, as S3 writes it. */
  sha256: string;
}

class Refusal extends Error {}

const toBase64 = (digest: string) => Buffer.from(digest, 'hex').toString('base64');

/** Objects of one bucket in a folder. A name that does not depend on the key's characters keeps them inside it. */
class Objects {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  pathOf(key: string): string {
    return join(this.#folder, sha256Hex(key));
  }

  /** Where a body is written until it is known to be the signed one. */
  newPath(): string {
    return join(this.#folder, `new-${crypto.randomUUID()}`);
  }

  find(key: string): Promise<StoredObject | undefined> {
    return readJsonFile<StoredObject>(`${this.pathOf(key)}.json`);
  }

  async put(from: string, object: StoredObject): Promise<void> {
    const path = this.pathOf(object.key);
    await rename(from, path);
    await writePrivateJson(`${path}.json`, object);
  }

  async delete(key: string): Promise<void> {
    for (const path of [this.pathOf(key), `${this.pathOf(key)}.json`]) await rm(path, { force: true });
  }
}

/** Writes a body into a file, and answers its SHA-256 in hexadecimal digits. */
async function receiveBody(request: IncomingMessage, file: string): Promise<string> {
  const hash = createHash('sha256');
  const hashing = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  await pipeline(request, hashing, createWriteStream(file, { mode: 0o600 }));
  return hash.digest('hex');
}

/** The bytes that a `Range` header asks for; all of them when it asks for nothing that can be answered. */
function rangeOf(header: string | undefined, sizeBytes: number): { start: number; end: number } | null {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (from === '' && to === '') return null;
  const start = from === '' ? Math.max(0, sizeBytes - Number(to)) : Number(from);
  const end = from === '' || to === '' ? sizeBytes - 1 : Math.min(Number(to), sizeBytes - 1);
  return start <= end ? { start, end } : null;
}

async function sendObject(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  { contentType, sizeBytes, sha256 }: StoredObject,
): Promise<void> {
  const range = rangeOf(request.headers.range, sizeBytes);
  const { start, end } = range ?? { start: 0, end: sizeBytes - 1 };
  response.writeHead(range ? 206 : 200, {
    'content-type': contentType,
    'content-length': end - start + 1,
    'accept-ranges': 'bytes',
    etag: `"${sha256}"`,
    ...(request.headers['x-amz-checksum-mode'] === 'ENABLED' && { 'x-amz-checksum-sha256': sha256 }),
    ...(range && { 'content-range': `bytes ${start}-${end}/${sizeBytes}` }),
  });
  if (request.method === 'HEAD' || sizeBytes === 0) response.end();
  else await pipeline(createReadStream(path, { start, end }), response);
}

/** Answers one request. @throws Refusal with the code of S3 */
async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { objects, options }: { objects: Objects; options: StorageOptions },
): Promise<void> {
  const { method = '', headers } = request;
  const url = new URL(request.url ?? '/', `http://${headers.host}`);
  const body = objects.newPath();
  try {
    const bodySha256 = await receiveBody(request, body);
    const { region, accessKeyId, secretAccessKey, bucket } = options;
    const fault = findSignatureFault(
      { method, url, headers: new Headers(headers as Record<string, string>), bodySha256 },
      { secretOf: (id) => (id === accessKeyId ? secretAccessKey : undefined), region, nowMs: Date.now() },
    );
    if (fault) throw new Refusal(fault);
    const [, named, ...rest] = decodeURIComponent(url.pathname).split('/');
    if (named !== bucket) throw new Refusal('NoSuchBucket');
    const key = rest.join('/');
    if (method === 'PUT') {
      const sha256 = toBase64(bodySha256);
      if ((headers['x-amz-checksum-sha256'] ?? sha256) !== sha256) throw new Refusal('BadDigest');
      const contentType = headers['content-type'] ?? 'application/octet-stream';
      await objects.put(body, { key, contentType, sizeBytes: (await stat(body)).size, sha256 });
      return void response.writeHead(200, { etag: `"${sha256}"`, 'x-amz-checksum-sha256': sha256 }).end();
    }
    if (method === 'DELETE') {
      await objects.delete(key);
      return void response.writeHead(204).end();
    }
    const found = await objects.find(key);
    if (method !== 'GET' && method !== 'HEAD') throw new Refusal('MethodNotAllowed');
    if (!found) throw new Refusal('NoSuchKey');
    await sendObject(request, response, objects.pathOf(key), found);
  } finally {
    await rm(body, { force: true });
  }
}

/** Storage as customers have it, S3-compatible, on disk: one bucket of one account, addressed by its path. */
export async function serveStorage(options: StorageOptions): Promise<LocalServer> {
  await mkdir(options.folder, { recursive: true, mode: 0o700 });
  const objects = new Objects(options.folder);
  const server = createLocalServer((request, response) => {
    answer(request, response, { objects, options }).catch((error: unknown) => {
      if (!(error instanceof Refusal)) console.error(error);
      if (response.headersSent) return void response.destroy();
      const code = error instanceof Refusal ? error.message : 'InternalError';
      const status = error instanceof Refusal ? (STATUS_BY_CODE[code] ?? 403) : 500;
      response.writeHead(status, { 'content-type': 'application/xml' });
      response.end(request.method === 'HEAD' ? undefined : formatRefusal(code));
    });
  });
  return listen(server, options.port);
}
