/** Metadata of a stored object. */
export interface ObjectInfo {
  /** `<kind>/<organizationId>/…` */
  key: string;
  sizeBytes: number;
  /** With its quotes; another one means other bytes. */
  etag: string;
  contentType: string;
  /** SHA-256 in lower-case hex; null when the object was stored in parts. */
  checksum: string | null;
  uploadedAt: Date;
}

export interface StoredObject extends ObjectInfo {
  body: ReadableStream<Uint8Array>;
}

export interface PutObjectOptions {
  contentType: string;
  /** Keeps an existing object and returns null; for objects that must never be overwritten. */
  onlyIfAbsent?: boolean;
}

/** A stream of a known length, which is stored as it arrives. */
export interface StreamedObject {
  contentType: string;
  /** How many bytes the stream has; one that is shorter or longer is not stored. */
  sizeBytes: number;
  /** SHA-256 in lower-case hex that the bytes must have; the store refuses others. */
  checksum?: string | undefined;
}

/** Which bytes of an object. */
export interface ByteRange {
  offset: number;
  /** At least 1. */
  length: number;
}

export interface ObjectList {
  objects: ObjectInfo[];
  /** The key after which the next page starts; null on the last page. */
  nextAfter: string | null;
}

/** The bytes that arrived are not those that the checksum is of. */
export class ChecksumMismatch extends Error {
  override name = 'ChecksumMismatch';
}

/** A stream of a known length broke, or had more or fewer bytes: the fault of its sender, not of the store. */
export class IncompleteStream extends Error {
  override name = 'IncompleteStream';
}

/** Stores data too large for the database. Strongly consistent: a stored object is readable at once. */
export interface ObjectStore {
  /**
   * Stores text, bytes or a stream of any length under a key, replacing an existing object. Nothing is visible before
   * all of it has arrived: a stream that fails leaves the key unchanged.
   */
  put(
    key: string,
    body: string | Uint8Array | ReadableStream<Uint8Array>,
    options: PutObjectOptions & { onlyIfAbsent?: false },
  ): Promise<ObjectInfo>;
  put(key: string, body: string | Uint8Array, options: PutObjectOptions): Promise<ObjectInfo | null>;
  /**
   * Stores a stream of a known length whole, without holding it in memory.
   * @returns with its checksum, whether one was given or not
   * @throws IncompleteStream or ChecksumMismatch for what the sender does wrong, and what the store fails with; then the key is
   * unchanged
   */
  putStream(key: string, body: ReadableStream<Uint8Array>, object: StreamedObject): Promise<ObjectInfo>;
  /** @param range the whole object by default */
  get(key: string, range?: ByteRange): Promise<StoredObject | null>;
  head(key: string): Promise<ObjectInfo | null>;
  /** Deletes at most 1,000 keys; missing ones are ignored. */
  delete(keys: readonly string[]): Promise<void>;
  /** Lists keys with the prefix in code-unit order, after `after`; at most `limit` (1 to 1,000). */
  list(prefix: string, options?: { after?: string; limit?: number }): Promise<ObjectList>;
}

declare module '../../kernel/context/context.ts' {
  interface Ports {
    objects: ObjectStore;
  }
}
