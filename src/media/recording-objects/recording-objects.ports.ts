/** An object as its storage has it. */
export interface RecordingObject {
  sizeBytes: number;
  /** With its quotes; null where the storage says none. */
  etag: string | null;
  /** SHA-256 in lower-case hex, as the storage computed it; null where it did not. */
  checksum: string | null;
}

/** The answer of storage about an object: it has it, has none, or this access key may not know. */
export type RecordingObjectAnswer = { object: RecordingObject | null } | 'refused';

/** Where the objects of recordings are: a bucket of their organization, or the storage of the product. */
export interface RecordingStore {
  /**
   * Asks for an object without its bytes.
   * @returns `refused` for 403, which S3 also answers about a missing object when the access key may not list the bucket
   * @throws AppError `server.unavailable` when the storage does not say, or what the guard of outgoing addresses throws
   */
  find(key: string): Promise<RecordingObjectAnswer>;
  /** Reads a part of an object. @throws as `find`, also when it is not there */
  read(key: string, range: { offset: number; length: number }): Promise<ReadableStream<Uint8Array>>;
  /** Deletes an object; a missing object counts as deleted. @throws as `find` */
  delete(key: string): Promise<void>;
  /** The largest object that is read for its checksum alone. */
  readonly mostHashedBytes: number;
  /** How much of an object is asked for at a time. */
  readonly pieceBytes: number;
}
