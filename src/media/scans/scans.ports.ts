/** What a scanner says of a file; `failed` when it cannot scan it. */
export type ScanVerdict = 'clean' | 'infected' | 'failed';

/** What is stored of a file; `unscanned` without a scanner. */
export type ScanResult = ScanVerdict | 'unscanned';

/** A virus scanner. */
export interface Scanner {
  /** Reads the bytes of a file to their end. @throws when it cannot be reached, or the bytes break off */
  scan(body: ReadableStream<Uint8Array>): Promise<ScanVerdict>;
}

declare module '../../kernel/context/context.ts' {
  interface Ports {
    /** Undefined where no scanner is configured: then no file is called clean. */
    scanner: Scanner | undefined;
  }
}
