/** What a scanner says of a file; `failed` when it cannot scan it. */
export type ScanVerdict = 'clean' | 'infected' | 'failed';

/** What is stored of a file; `unscanned` without a scanner. */
export type ScanResult = ScanVerdict | 'unscanned';

export interface ScanOptions {
  /** Whose file it is: a scanner that all share gives each a part of its scans at a time. */
  organizationId: string;
  /** After which the scan is given up. */
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
    /** Of the runtime, not of JavaScript: it hashes gigabytes. */
    createSha256: () => RunningHash;
  }
}
