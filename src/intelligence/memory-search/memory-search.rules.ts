import { ProviderFailure } from '../providers/index.ts';
import type { MemoryEmbeddings } from './memory-search.ports.ts';

/** Numbers in a vector: small multilingual models have so many, and larger ones can be asked for it. */
export const DIMENSIONS = 384;

/** Up to this number of visible vectors all are compared; above it the index is used. */
export const MAX_COMPARED = 6_000;

/** Most passages that each way of searching finds. */
export const CANDIDATES = 50;

/** A key that vectors must share to be comparable: the model and its version. */
export const modelKeyOf = ({ model, version }: Pick<MemoryEmbeddings, 'model' | 'version'>): string =>
  `${model}@${version}`;

/**
 * The vector with length 1, as the database reads it; null for a vector without a direction, from a text without a
 * meaning. Vectors of length 1 are compared by one product.
 * @throws ProviderFailure `malformed` for a vector of another size
 */
export function toUnitVector(vector: readonly number[], model: string): string | null {
  if (vector.length !== DIMENSIONS)
    throw new ProviderFailure('embeddings', 'malformed', {
      detail: `${model} returned a vector of ${vector.length} numbers`,
    });
  const length = Math.hypot(...vector);
  if (!Number.isFinite(length) || length === 0) return null;
  return `[${vector.map((value) => (value / length).toFixed(5)).join(',')}]`;
}
