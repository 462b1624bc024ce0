import {
  type EmbeddingProvider,
  type EmbeddingRequest,
  type EmbeddingResult,
  type FailureKind,
  ProviderFailure,
} from '../../../src/intelligence/providers/index.ts';
import type { MemoryEmbeddings } from '../../../src/intelligence/memory-search/index.ts';

const DIMENSIONS = 384;

/** Numbers that a text always gives, from -1 to 1 (FNV-1a, then xorshift). */
function* numbersOf(text: string): Generator<number> {
  let state =
    Array.from(text).reduce(
      (hash, char) => Math.imul(hash ^ char.codePointAt(0)!, 16_777_619),
      -2_128_831_035,
    ) | 1;
  for (;;) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    yield state / 2 ** 31;
  }
}

/**
 * A model of embeddings that needs none: each word has a direction, words of one meaning have the same, and a text has the sum of its
 * words. Texts with the same words are equal to it, whatever their order. It fails on request.
 */
export class EmbeddingsStandIn implements EmbeddingProvider {
  /** Requests so far. */
  readonly requests: EmbeddingRequest[] = [];
  /** What the next requests fail with. */
  failing: FailureKind | undefined;
  /** Texts that it does not take. */
  refused: RegExp | undefined;
  /** Texts that have no meaning for it: their vectors are zero. */
  meaningless: RegExp | undefined;
  /** Words and the word whose meaning they have. */
  readonly meanings = new Map<string, string>();
  /** Of its vectors; another number is not what was asked for. */
  dimensions = DIMENSIONS;

  vectorOf(text: string): number[] {
    const sum = Array.from({ length: this.dimensions }, () => 0);
    if (this.meaningless?.test(text)) return sum;
    for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? ['']) {
      const numbers = numbersOf(this.meanings.get(word) ?? word);
      for (let at = 0; at < sum.length; at++) sum[at]! += numbers.next().value as number;
    }
    return sum;
  }

  embed(request: EmbeddingRequest): Promise<EmbeddingResult> {
    this.requests.push(request);
    const { texts } = request;
    const { refused } = this;
    if (this.failing) return Promise.reject(new ProviderFailure('stand-in', this.failing));
    if (refused && texts.some((text) => refused.test(text)))
      return Promise.reject(new ProviderFailure('stand-in', 'request_refused'));
    return Promise.resolve({
      vectors: texts.map((text) => this.vectorOf(text)),
      inputTokens: texts.reduce((sum, text) => sum + text.split(/\s+/).length, 0),
    });
  }
}

/** It as the product's model. */
export const embeddingsOf = (provider: EmbeddingProvider, version = '1'): MemoryEmbeddings => ({
  of: () => provider,
  model: 'words',
  version,
});
