import type { ObjectInfo, ObjectStore, PutObjectOptions } from '../../src/platform/objects/index.ts';
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

export function createMemoryObjects(now: () => number): MemoryObjects {
  const stored = new Map<string, ObjectInfo & { bytes: Uint8Array<ArrayBuffer> }>();
  let failureRule: ((call: ObjectCall, key: string) => boolean) | undefined;
  const failIfAsked = (call: ObjectCall, key: string) => {
    if (failureRule?.(call, key)) throw new Error(`object storage failed at ${call} ${key}`);
  };
  const infoOf = ({ key, sizeBytes, contentType, checksum, uploadedAt }: ObjectInfo): ObjectInfo => ({
    key,
    sizeBytes,
    contentType,
    checksum,
    uploadedAt,
  });
  const store = async (key: string, bytes: Uint8Array<ArrayBuffer>, contentType: string) => {
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    const info = {
      key,
      sizeBytes: bytes.length,
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
    async get(key) {
      failIfAsked('get', key);
      const object = stored.get(key);
      return object
        ? { ...infoOf(object), body: new Response(object.bytes).body as ReadableStream<Uint8Array> }
        : null;
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
        stored.set(key, { ...object, bytes: utf8(text) });
      }
    },
  };
}
