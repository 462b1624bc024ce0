import type { KeyValueStorage } from '../../kernel/durable/index.ts';
import type { CompressedCopy } from '../compression/index.ts';
import type { PartStore } from '../uploads/index.ts';

/** The part of object storage that puts a copy together. */
export type CopyStore = Pick<PartStore, 'begin' | 'putPart' | 'complete' | 'abort' | 'putWhole'>;

const COPY = 'copy';
const PART_PREFIX = 'part|';

/** The copy that is being stored. */
interface StoredCopy {
  checksum: string;
  /** Undefined for a copy that is stored whole. */
  uploadId?: string;
  isStored?: true;
}

/**
 * A copy on its way into object storage, in parts. A part counts once its tag is in the object's own storage; when a
 * task that was begun again has made another copy, the parts of the former one are dropped.
 */
export class CopyParts {
  readonly #storage: KeyValueStorage;
  readonly #store: CopyStore;
  readonly #key: string;

  constructor(storage: KeyValueStorage, store: CopyStore, key: string) {
    this.#storage = storage;
    this.#store = store;
    this.#key = key;
  }

  get #copy(): StoredCopy | undefined {
    return this.#storage.get(COPY) as StoredCopy | undefined;
  }

  get #tags(): string[] {
    return [...this.#storage.list({ prefix: PART_PREFIX })].map(([, tag]) => tag as string);
  }

  /** How many parts of this copy are stored; all of them when it is whole. */
  async count({ checksum }: CompressedCopy): Promise<number> {
    if (this.#copy && this.#copy.checksum !== checksum) await this.discard();
    return this.#tags.length;
  }

  isStored({ checksum }: CompressedCopy): boolean {
    return this.#copy?.checksum === checksum && this.#copy.isStored === true;
  }

  /** Stores a copy that is no larger than a part. @throws Error when it has another checksum */
  async putWhole({ checksum, contentType }: CompressedCopy, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const stored = await this.#store.putWhole(this.#key, bytes, contentType);
    if (stored !== checksum) throw new Error('the copy arrived with another checksum');
    this.#storage.put(COPY, { checksum, isStored: true } satisfies StoredCopy);
  }

  /** Stores the next part. */
  async add({ checksum, contentType }: CompressedCopy, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    let uploadId = this.#copy?.uploadId;
    if (uploadId === undefined) {
      uploadId = await this.#store.begin(this.#key, contentType);
      this.#storage.put(COPY, { checksum, uploadId } satisfies StoredCopy);
    }
    const number = this.#tags.length + 1;
    const tag = await this.#store.putPart(this.#key, uploadId, number, bytes);
    this.#storage.put(`${PART_PREFIX}${String(number).padStart(6, '0')}`, tag);
  }

  /**
   * Puts the parts together. @param sizeOf returns the size of the object, if the parts were put together before
   * without that being stored
   */
  async complete(
    { checksum, sizeBytes }: CompressedCopy,
    sizeOf: (key: string) => Promise<number | null>,
  ): Promise<void> {
    try {
      await this.#store.complete(this.#key, this.#copy!.uploadId!, this.#tags);
    } catch (error) {
      if ((await sizeOf(this.#key)) !== sizeBytes) throw error;
    }
    this.#forget();
    this.#storage.put(COPY, { checksum, isStored: true } satisfies StoredCopy);
  }

  /** Gives up the parts of a copy that is not whole. */
  async discard(): Promise<void> {
    const copy = this.#copy;
    if (copy?.uploadId !== undefined) await this.#store.abort(this.#key, copy.uploadId);
    this.#forget();
  }

  #forget(): void {
    const keys = Array.from(this.#storage.list({ prefix: PART_PREFIX }), ([key]) => key);
    for (const key of keys) this.#storage.delete(key);
    this.#storage.delete(COPY);
  }
}
