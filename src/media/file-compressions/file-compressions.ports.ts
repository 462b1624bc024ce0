/** A compression and its organization. */
export interface CompressionKey {
  organizationId: string;
  compressionId: string;
}

/** The live objects that work on compressions: one for each. */
export interface FileCompressors {
  /** Advances a compression now, and again until it is over. @throws AppError `server.unavailable` */
  wake(compression: CompressionKey): Promise<void>;
}

declare module '../../kernel/context/context.ts' {
  interface Ports {
    fileCompressors: FileCompressors;
  }
}
