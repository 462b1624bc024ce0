export interface EmbeddingRequest {
  model: string;
  texts: readonly string[];
  /** The purpose of the vectors; models without a difference ignore it. */
  purpose: 'document' | 'query';
}

export interface EmbeddingResult {
  /** One for each text, in order. */
  vectors: readonly (readonly number[])[];
  inputTokens: number;
}

/** Turns texts into vectors. */
export interface EmbeddingProvider {
  /** @throws ProviderFailure */
  embed(request: EmbeddingRequest, signal: AbortSignal): Promise<EmbeddingResult>;
}
