import type { KeyValueStorage } from '../../kernel/durable/index.ts';

const PREFIX = 'tail|';

/** The bytes of an upload that do not make a part yet, in storage, in rows in the order of their arrival. */
export class UploadTail {
  readonly #storage: KeyValueStorage;
  #rows = 0;
  #sizeBytes = 0;

  constructor(storage: KeyValueStorage) {
    this.#storage = storage;
    for (const [, bytes] of storage.list({ prefix: PREFIX })) {
      this.#rows++;
      this.#sizeBytes += (bytes as Uint8Array).length;
    }
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  add(bytes: Uint8Array<ArrayBuffer>): void {
    this.#storage.put(`${PREFIX}${String(this.#rows++).padStart(6, '0')}`, bytes);
    this.#sizeBytes += bytes.length;
  }

  read(): Uint8Array<ArrayBuffer> {
    const all = new Uint8Array(this.#sizeBytes);
    let at = 0;
    for (const [, bytes] of this.#storage.list({ prefix: PREFIX })) {
      all.set(bytes as Uint8Array, at);
      at += (bytes as Uint8Array).length;
    }
    return all;
  }

  clear(): void {
    for (const [key] of Array.from(this.#storage.list({ prefix: PREFIX }))) this.#storage.delete(key);
    this.#rows = 0;
    this.#sizeBytes = 0;
  }
}
