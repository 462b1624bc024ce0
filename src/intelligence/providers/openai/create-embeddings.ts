import { z } from '@hono/zod-openapi';
import { type EmbeddingProvider, ProviderFailure } from '../index.ts';
import { type ApiOptions, callApi, readAnswer } from './call-api.ts';

const answerSchema = z.object({
  data: z.array(z.object({ index: z.int().min(0), embedding: z.array(z.number()).min(1).max(8_192) })),
  usage: z.object({ prompt_tokens: z.int().min(0) }),
});

interface EmbeddingDialect {
  /** For a provider that accepts `input_type`, which OpenAI refuses. */
  sendsPurpose?: boolean;
  /** The size of the vectors, for a model that can produce smaller ones. */
  dimensions?: number;
}

/** `/v1/embeddings`. */
export const createEmbeddings = (
  options: ApiOptions,
  { sendsPurpose = false, dimensions }: EmbeddingDialect = {},
): EmbeddingProvider => ({
  async embed({ model, texts, purpose }, signal) {
    const kind = sendsPurpose && { input_type: purpose === 'query' ? 'query' : 'passage' };
    const response = await callApi(options, '/v1/embeddings', {
      body: JSON.stringify({ model, input: texts, encoding_format: 'float', dimensions, ...kind }),
      headers: { 'Content-Type': 'application/json' },
      signal,
    });
    const { data, usage } = await readAnswer(options.provider, response, answerSchema);
    const vectors = data.toSorted((a, b) => a.index - b.index).map(({ embedding }) => embedding);
    const isWhole =
      data.length === texts.length && vectors.every(({ length }) => length === vectors[0]!.length);
    if (!isWhole) throw new ProviderFailure(options.provider, 'malformed');
    return { vectors, inputTokens: usage.prompt_tokens };
  },
});
