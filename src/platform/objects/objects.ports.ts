/** What is known of a stored object without reading it. */
export interface ObjectInfo {
  /** `<kind>/<organizationId>/…` */
  key: string;
  sizeBytes: number;
  contentType: string;
  /** SHA-256 in lower-case hex; null when it was stored as a stream of unknown length. */
  checksum: string | null;
  uploadedAt: Date;
}

export interface StoredObject extends ObjectInfo {
  body: ReadableStream<Uint8Array>;
}

export interface PutObjectOptions {
  contentType: string;
  /** Leaves an object alone that is already there, and answers null: for what must never be written twice. */
  onlyIfAbsent?: boolean;
}

export interface ObjectList {
  objects: ObjectInfo[];
  /** Where the next page starts; null on the last one. */
  nextAfter: string | null;
}

/** Bytes that are too large for the database. Strongly consistent: what was put is read back at once. */
export interface ObjectStore {
  /**
   * Stores text, bytes, or a stream of any length, under a key; replaces what was there. Nothing is visible before all
   * of it has arrived: a stream that fails leaves the key as it was.
   */
  put(
    key: string,
    body: string | Uint8Array | ReadableStream<Uint8Array>,
    options: PutObjectOptions & { onlyIfAbsent?: false },
  ): Promise<ObjectInfo>;
  put(key: string, body: string | Uint8Array, options: PutObjectOptions): Promise<ObjectInfo | null>;
  get(key: string): Promise<StoredObject | null>;
  head(key: string): Promise<ObjectInfo | null>;
  /** At most 1,000 keys; one that is not there is no failure. */
  delete(keys: readonly string[]): Promise<void>;
  /** Keys with the prefix in code-unit order, after `after`; at most `limit` (1 to 1,000). */
  list(prefix: string, options?: { after?: string; limit?: number }): Promise<ObjectList>;
}

declare module '../../kernel/context/context.ts' {
  interface Ports {
    objects: ObjectStore;
  }
}
