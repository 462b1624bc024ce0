import type { KeyValueStorage } from '../../kernel/durable/index.ts';
import type { PartStore, UploadPlan } from './uploads.ports.ts';
import { UploadTail } from './upload-tail.ts';

const PART_PREFIX = 'part|';
const UPLOAD_ID = 'upload_id';
const RESULT = 'result';

/** How bytes are kept. */
export interface PartSizes {
  /** Size of each part of an object except the last; object storage takes no smaller ones. */
  partBytes: number;
  /** Size of a row in storage: as much is lost when the object dies during a request. */
  rowBytes: number;
}

/** A part in object storage. */
interface UploadPart {
  tag: string;
  sizeBytes: number;
}

/**
 * The bytes of an upload: parts in object storage, and a tail in the object's own storage. Storage has the truth: a
 * part counts once its tag is stored, in the same turn in which the tail is cleared.
 */
export class UploadParts {
  readonly #storage: KeyValueStorage;
  readonly #store: PartStore;
  readonly #partBytes: number;
  readonly #tail: UploadTail;
  #parts: UploadPart[];

  constructor(storage: KeyValueStorage, store: PartStore, partBytes: number) {
    this.#storage = storage;
    this.#store = store;
    this.#partBytes = partBytes;
    this.#tail = new UploadTail(storage);
    this.#parts = [...storage.list({ prefix: PART_PREFIX })].map(([, part]) => part as UploadPart);
  }

  /** How many bytes are kept, of an upload that has not ended. */
  get sizeBytes(): number {
    return this.#parts.reduce((sum, { sizeBytes }) => sum + sizeBytes, this.#tail.sizeBytes);
  }

  /** How many bytes the tail takes until it is a part. */
  get space(): number {
    return this.#partBytes - this.#tail.sizeBytes;
  }

  /** The checksum of the object, once it is complete; null when it has none. */
  get result(): { checksum: string | null } | undefined {
    return this.#storage.get(RESULT) as { checksum: string | null } | undefined;
  }

  /** @param bytes at most `space` */
  add(bytes: Uint8Array<ArrayBuffer>): void {
    this.#tail.add(bytes);
  }

  /** Makes a part of the tail, whatever its size. */
  async send({ key, contentType }: UploadPlan): Promise<void> {
    let uploadId = this.#storage.get(UPLOAD_ID) as string | undefined;
    if (uploadId === undefined) {
      uploadId = await this.#store.begin(key, contentType);
      this.#storage.put(UPLOAD_ID, uploadId);
    }
    const number = this.#parts.length + 1;
    const bytes = this.#tail.read();
    const tag = await this.#store.putPart(key, uploadId, number, bytes);
    const part: UploadPart = { tag, sizeBytes: bytes.length };
    this.#storage.put(`${PART_PREFIX}${String(number).padStart(6, '0')}`, part);
    this.#tail.clear();
    this.#parts = [...this.#parts, part];
  }

  /** Puts the object together; repeated after a failure it continues where that came. */
  async complete(plan: UploadPlan): Promise<void> {
    const { key, contentType, sizeBytes } = plan;
    if (this.#parts.length === 0) {
      const checksum = await this.#store.putWhole(key, this.#tail.read(), contentType);
      this.#storage.put(RESULT, { checksum });
      return;
    }
    if (this.#tail.sizeBytes > 0) await this.send(plan);
    const tags = this.#parts.map(({ tag }) => tag);
    try {
      await this.#store.complete(key, this.#storage.get(UPLOAD_ID) as string, tags);
    } catch (error) {
      // It was put together before, and the object died before it stored that.
      if ((await this.#store.sizeOf(key)) !== sizeBytes) throw error;
    }
    this.#storage.put(RESULT, { checksum: null });
  }

  /** Gives up the parts of an object that is not complete. */
  async abort({ key }: UploadPlan): Promise<void> {
    const uploadId = this.#storage.get(UPLOAD_ID) as string | undefined;
    if (uploadId !== undefined && !this.result) await this.#store.abort(key, uploadId);
  }
}
