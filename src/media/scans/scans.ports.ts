/** The verdict of a scanner; `failed` when it cannot scan the file. */
export type ScanVerdict = 'clean' | 'infected' | 'failed';

/** The status stored with a file; `unscanned` without a scanner. */
export type ScanResult = ScanVerdict | 'unscanned';

export interface ScanOptions {
  /** The organization: a shared scanner limits the scans of each at a time. */
  organizationId: string;
  /** Time after which the scan is given up. */
  timeLimitMs: number;
}

/** There was no verdict within the time limit. */
export class ScanTooLong extends Error {
  override readonly name = 'ScanTooLong';
}

/** A virus scanner. */
export interface Scanner {
  /** Reads the bytes of a file to their end. @throws ScanTooLong; others when it cannot be reached, or the bytes break off */
  scan(body: ReadableStream<Uint8Array>, options: ScanOptions): Promise<ScanVerdict>;
}

/** A SHA-256 of bytes that arrive in pieces. */
export interface RunningHash {
  update(bytes: Uint8Array): void;
  /** In lower-case hex. */
  digest(): string;
}

declare module '../../kernel/context/context.ts' {
  interface Ports {
    /** Undefined where no scanner is configured: then no file is called clean. */
    scanner: Scanner | undefined;
    /** A hash by the runtime, not in JavaScript, because it hashes gigabytes. */
    createSha256: () => RunningHash;
  }
}
