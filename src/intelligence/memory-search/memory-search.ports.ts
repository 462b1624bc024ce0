import type { EmbeddingProvider } from '../providers/index.ts';

/** The model that turns memories into vectors. */
export interface MemoryEmbeddings {
  /** A provider for an organization, which takes its turn among the others. */
  of(organizationId: string): EmbeddingProvider;
  /** The provider's own name of the model. Its vectors have `DIMENSIONS` numbers. */
  model: string;
  /** A new version makes all vectors again, for a model that has changed under the same name. */
  version: string;
}

declare module '../../kernel/context/context.ts' {
  interface Ports {
    /** Undefined when none is configured: memories are then found only by their words. */
    memoryEmbeddings: MemoryEmbeddings | undefined;
  }
}
