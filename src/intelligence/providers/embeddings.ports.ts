export interface EmbeddingRequest {
  model: string;
  texts: readonly string[];
  /** What the vectors are for; models that make no difference ignore it. */
  purpose: 'document' | 'query';
}

export interface EmbeddingResult {
  /** One for each text, in their order. */
  vectors: readonly (readonly number[])[];
  inputTokens: number;
}

/** Turns texts into vectors. */
export interface EmbeddingProvider {
  /** @throws ProviderFailure */
  embed(request: EmbeddingRequest, signal: AbortSignal): Promise<EmbeddingResult>;
}
