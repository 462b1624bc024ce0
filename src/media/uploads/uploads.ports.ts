/** What an upload will be. */
export interface UploadPlan {
  /** In object storage. */
  key: string;
  sizeBytes: number;
  contentType: string;
  /** When it is given up, in milliseconds since the epoch. */
  endsAtMs: number;
}

export interface UploadState {
  /** How many bytes are kept: the next request continues there. */
  offset: number;
  /** Whether all bytes are in object storage. */
  isComplete: boolean;
  /** SHA-256 in hex; null before the end, and for an object of several parts. */
  checksum: string | null;
}

/**
 * The outcome of the bytes of a request.
 * - `conflict`: they do not begin where the upload stands, or a newer request has taken over.
 * - `too_long`: they are more than the upload may have; none of those beyond were kept.
 */
export interface AppendOutcome {
  kind: 'appended' | 'conflict' | 'too_long';
  state: UploadState;
}

/** The live objects that keep uploads: one for each. */
export interface Uploads {
  /** Appends the bytes of a request. Bytes that arrived before a request breaks stay. @throws AppError `server.unavailable` */
  append(
    fileId: string,
    plan: UploadPlan,
    offset: number,
    body: ReadableStream<Uint8Array> | null,
  ): Promise<AppendOutcome>;
  /** Where an upload stands; puts its parts together where that is left to do. @throws AppError `server.unavailable` */
  state(fileId: string, plan: UploadPlan): Promise<UploadState>;
  /** Deletes an upload, with its parts if it is not complete. */
  end(fileId: string): Promise<void>;
}

/** The part of object storage that puts objects together. All parts of an object but the last have the same size. */
export interface PartStore {
  begin(key: string, contentType: string): Promise<string>;
  /** @returns the tag of the part; the same number again replaces it */
  putPart(key: string, uploadId: string, number: number, bytes: Uint8Array<ArrayBuffer>): Promise<string>;
  complete(key: string, uploadId: string, tags: readonly string[]): Promise<void>;
  abort(key: string, uploadId: string): Promise<void>;
  /** @returns the SHA-256 in hex */
  putWhole(key: string, bytes: Uint8Array<ArrayBuffer>, contentType: string): Promise<string>;
  /** The size of an object; null when there is none. */
  sizeOf(key: string): Promise<number | null>;
}

declare module '../../kernel/context/context.ts' {
  interface Ports {
    uploads: Uploads;
  }
}
