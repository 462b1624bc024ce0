import type { EmbeddingProvider } from '../providers/index.ts';

/** The model that turns memories into vectors. */
export interface MemoryEmbeddings {
  /** Asked for an organization, in its turn. */
  of(organizationId: string): EmbeddingProvider;
  /** The provider's own name of the model. Its vectors have `DIMENSIONS` numbers. */
  model: string;
  /** Another one makes all vectors again: for a model that changed under its name. */
  version: string;
}

declare module '../../kernel/context/context.ts' {
  interface Ports {
    /** Undefined where none is configured: memories are found by their words alone. */
    memoryEmbeddings: MemoryEmbeddings | undefined;
  }
}
