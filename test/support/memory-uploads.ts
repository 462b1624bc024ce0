import {
  type PartSizes,
  type PartStore,
  type Uploads,
  UploadSession,
} from '../../src/media/uploads/index.ts';
import { serverErrors } from '../../src/kernel/core/index.ts';
import type { MemoryObjects } from './memory-objects.ts';
import { MemoryKeyValueStorage } from './memory-storage.ts';

/** Parts of objects in memory. As on R2 all parts but the last have one size, and a completed upload is gone. */
export class MemoryParts implements PartStore {
  readonly #objects: MemoryObjects;
  readonly uploads = new Map<string, Map<number, Uint8Array<ArrayBuffer>>>();
  #count = 0;

  constructor(objects: MemoryObjects) {
    this.#objects = objects;
  }

  async begin(): Promise<string> {
    const uploadId = `upload-${++this.#count}`;
    this.uploads.set(uploadId, new Map());
    return uploadId;
  }

  async putPart(
    _key: string,
    uploadId: string,
    number: number,
    bytes: Uint8Array<ArrayBuffer>,
  ): Promise<string> {
    const parts = this.uploads.get(uploadId);
    if (!parts) throw new Error('there is no such upload');
    parts.set(number, bytes.slice());
    return `${uploadId}/${number}/${bytes.length}`;
  }

  async complete(key: string, uploadId: string, tags: readonly string[]): Promise<void> {
    const parts = this.uploads.get(uploadId);
    if (!parts) throw new Error('there is no such upload');
    const bytes = tags.map((_tag, index) => parts.get(index + 1)!);
    const sizes = bytes.map(({ length }) => length);
    if (sizes.slice(0, -1).some((size) => size !== sizes[0]) || sizes.at(-1)! > sizes[0]!)
      throw new Error(`parts of different sizes: ${sizes.join()}`);
    const whole = new Uint8Array(await new Blob(bytes).arrayBuffer());
    await this.#objects.put(key, whole, { contentType: 'application/octet-stream' });
    this.uploads.delete(uploadId);
  }

  async abort(_key: string, uploadId: string): Promise<void> {
    this.uploads.delete(uploadId);
  }

  async putWhole(key: string, bytes: Uint8Array<ArrayBuffer>, contentType: string): Promise<string> {
    return (await this.#objects.put(key, bytes, { contentType })).checksum!;
  }

  async sizeOf(key: string): Promise<number | null> {
    return (await this.#objects.head(key))?.sizeBytes ?? null;
  }
}

/** The live objects of uploads in memory: the same core as in production, with small parts. */
export interface MemoryUploads extends Uploads {
  /** The process dies: what is not in storage is lost, and what still runs changes nothing in it any more. */
  kill(): void;
  /** The alarms that are due ring: uploads past their end are forgotten. */
  wake(nowMs: number): Promise<void>;
  /** How many uploads have parts in object storage that make no object yet. */
  openParts(): number;
  /** How many rows all uploads have in their storage. */
  rows(): number;
}

export function createMemoryUploads(
  objects: MemoryObjects,
  sizes: PartSizes = { partBytes: 1_000, rowBytes: 64 },
): MemoryUploads {
  const parts = new MemoryParts(objects);
  const storages = new Map<string, MemoryKeyValueStorage>();
  const sessions = new Map<string, UploadSession>();
  const open = (fileId: string): UploadSession => {
    const storage = storages.get(fileId) ?? new MemoryKeyValueStorage();
    storages.set(fileId, storage);
    const session = sessions.get(fileId) ?? new UploadSession(storage, parts, sizes);
    sessions.set(fileId, session);
    return session;
  };
  const reach = async <T>(answer: Promise<T>): Promise<T> => {
    try {
      return await answer;
    } catch (cause) {
      throw serverErrors.unavailable({ cause });
    }
  };
  const end = async (fileId: string) => {
    await open(fileId).end();
    sessions.delete(fileId);
    storages.delete(fileId);
  };
  return {
    append: (fileId, plan, offset, body) => reach(open(fileId).append(plan, offset, body)),
    state: (fileId, plan) => reach(open(fileId).state(plan)),
    end,
    kill() {
      sessions.clear();
      for (const [fileId, storage] of storages) {
        const copy = new MemoryKeyValueStorage();
        for (const [key, value] of storage.list({ prefix: '' })) copy.put(key, value);
        storages.set(fileId, copy);
      }
    },
    async wake(nowMs) {
      for (const fileId of storages.keys())
        if ((open(fileId).plan?.endsAtMs ?? Infinity) <= nowMs) await end(fileId);
    },
    openParts: () => parts.uploads.size,
    rows: () => [...storages.values()].reduce((sum, { size }) => sum + size, 0),
  };
}
