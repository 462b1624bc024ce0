import { randomFrom } from '../../../support/random.ts';

/** Random values that are the same for the same seed on every machine. */
export interface Chance {
  /** From `min` up to `max`. */
  between(min: number, max: number): number;
  /** A whole number, both ends included. */
  whole(min: number, max: number): number;
  /** Whether something of this probability happens. */
  happens(probability: number): boolean;
  pick<T>(list: readonly T[]): T;
  /** Around 0, with a standard deviation of 1. */
  normal(): number;
  /** How many of `n` happen, each with the probability. */
  hits(n: number, probability: number): number;
}

export function createChance(seed: number): Chance {
  const next = randomFrom(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  return {
    between: (min, max) => min + (max - min) * next(),
    whole: (min, max) => Math.floor(min + (max - min + 1) * next()),
    happens: (probability) => next() < probability,
    pick: (list) => list[Math.floor(next() * list.length)]!,
    normal,
    hits: (n, probability) => {
      const spread = Math.sqrt(n * probability * (1 - probability));
      return Math.min(n, Math.max(0, Math.round(n * probability + normal() * spread)));
    },
  };
}
