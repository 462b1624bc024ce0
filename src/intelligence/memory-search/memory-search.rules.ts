import { ProviderFailure } from '../providers/index.ts';
import type { MemoryEmbeddings } from './memory-search.ports.ts';

/** Numbers of a vector: what small multilingual models have, and larger ones can be asked for. */
export const DIMENSIONS = 384;

/** Up to so many vectors that show to the caller all are compared; beyond, the index is asked. */
export const MAX_COMPARED = 6_000;

/** Passages that each way of searching may find. */
export const CANDIDATES = 50;

/** Which vectors can be compared: those of one model in one version. */
export const modelKeyOf = ({ model, version }: Pick<MemoryEmbeddings, 'model' | 'version'>): string =>
  `${model}@${version}`;

/**
 * The vector with length 1, as the database reads it; null without a direction, which is what a text without a meaning has. Vectors of
 * length 1 are compared by one product.
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
