import {
  ChecksumMismatch,
  IncompleteStream,
  type ObjectInfo,
  type ObjectStore,
  type PutObjectOptions,
} from '../../src/platform/objects/index.ts';
import { hex, utf8 } from '../../src/kernel/core/index.ts';

export type ObjectCall = 'put' | 'get' | 'head' | 'delete' | 'list';

/** Object storage in memory, in which a test can make calls fail. */
export interface MemoryObjects extends ObjectStore {
  /** The stored objects, as text. */
  texts(): Map<string, string>;
  /** Sets which calls fail; undefined for none. */
  failWhen(rule: ((call: ObjectCall, key: string) => boolean) | undefined): void;
  /** Changes or deletes an object without the product. */
  tamper(key: string, text: string | undefined): void;
}

async function readWhole(body: ReadableStream<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await new Response(body).arrayBuffer());
  } catch (cause) {
    throw new IncompleteStream('the stream broke', { cause });
  }
}

const CHUNK_BYTES = 64 * 1024;

/** Bytes in chunks, as a network brings them. */
function inChunks(bytes: Uint8Array): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at < bytes.length) controller.enqueue(bytes.slice(at, at + CHUNK_BYTES));
      else controller.close();
      at += CHUNK_BYTES;
    },
  });
}

export function createMemoryObjects(now: () => number): MemoryObjects {
  const stored = new Map<string, ObjectInfo & { bytes: Uint8Array<ArrayBuffer> }>();
  let failureRule: ((call: ObjectCall, key: string) => boolean) | undefined;
  const failIfAsked = (call: ObjectCall, key: string) => {
    if (failureRule?.(call, key)) throw new Error(`object storage failed at ${call} ${key}`);
  };
  const infoOf = ({ key, sizeBytes, etag, contentType, checksum, uploadedAt }: ObjectInfo): ObjectInfo => ({
    key,
    sizeBytes,
    etag,
    contentType,
    checksum,
    uploadedAt,
  });
  const store = async (key: string, bytes: Uint8Array<ArrayBuffer>, contentType: string) => {
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    const info = {
      key,
      sizeBytes: bytes.length,
      etag: `"${hex(digest).slice(0, 32)}"`,
      contentType,
      checksum: hex(digest),
      uploadedAt: new Date(now()),
    };
    stored.set(key, { ...info, bytes });
    return info;
  };

  return {
    async put(
      key: string,
      body: string | Uint8Array | ReadableStream<Uint8Array>,
      options: PutObjectOptions,
    ) {
      failIfAsked('put', key);
      if (options.onlyIfAbsent && stored.has(key)) return null as unknown as ObjectInfo;
      const bytes = new Uint8Array(await new Response(body as BodyInit).arrayBuffer());
      return store(key, bytes, options.contentType);
    },
    async putStream(key, body, { contentType, sizeBytes, checksum }) {
      failIfAsked('put', key);
      const bytes = await readWhole(body);
      if (bytes.length !== sizeBytes)
        throw new IncompleteStream(`${bytes.length} bytes came in place of ${sizeBytes}`);
      const digest = hex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
      if (checksum !== undefined && checksum !== digest) throw new ChecksumMismatch('other bytes came');
      return store(key, bytes, contentType);
    },
    async get(key, range) {
      failIfAsked('get', key);
      const object = stored.get(key);
      if (!object) return null;
      const { offset = 0, length = object.bytes.length } = range ?? {};
      return { ...infoOf(object), body: inChunks(object.bytes.slice(offset, offset + length)) };
    },
    async head(key) {
      failIfAsked('head', key);
      const object = stored.get(key);
      return object ? infoOf(object) : null;
    },
    async delete(keys) {
      for (const key of keys) {
        failIfAsked('delete', key);
        stored.delete(key);
      }
    },
    async list(prefix, { after = '', limit = 1000 } = {}) {
      failIfAsked('list', prefix);
      const keys = [...stored.keys()].filter((key) => key.startsWith(prefix) && key > after).sort();
      const page = keys.slice(0, limit);
      return {
        objects: page.map((key) => infoOf(stored.get(key)!)),
        nextAfter: keys.length > limit ? page.at(-1)! : null,
      };
    },
    texts: () => new Map([...stored].map(([key, { bytes }]) => [key, new TextDecoder().decode(bytes)])),
    failWhen: (rule) => {
      failureRule = rule;
    },
    tamper(key, text) {
      if (text === undefined) stored.delete(key);
      else {
        const object = stored.get(key)!;
        stored.set(key, { ...object, etag: '"tampered"', bytes: utf8(text) });
      }
    },
  };
}
