/** 97.5 % of a normal distribution lie below: the bounds of 95 %. */
const Z = 1.959963984540054;

/** A value with the bounds between which it lies with 95 % confidence. */
export interface ConfidenceInterval {
  value: number;
  low: number;
  high: number;
}

/**
 * A share with its Wilson score interval, which is also valid for few cases and for shares near 0 and 1; null without
 * cases. Wilson, E. B. (1927), "Probable inference, the law of succession, and statistical inference".
 */
export function wilson(successes: number, total: number): ConfidenceInterval | null {
  if (total === 0) return null;
  const share = successes / total;
  const z2 = Z * Z;
  const centre = (share + z2 / (2 * total)) / (1 + z2 / total);
  const margin = (Z / (1 + z2 / total)) * Math.sqrt((share * (1 - share)) / total + z2 / (4 * total * total));
  return { value: share, low: Math.max(0, centre - margin), high: Math.min(1, centre + margin) };
}

/**
 * The difference of two shares, the second minus the first, from their Wilson intervals; null unless both are given.
 * Newcombe, R. G. (1998), "Interval estimation for the difference between independent proportions", method 10.
 */
export function differenceOfShares(
  first: ConfidenceInterval | null,
  second: ConfidenceInterval | null,
): ConfidenceInterval | null {
  if (!first || !second) return null;
  const value = second.value - first.value;
  return {
    value,
    low: value - Math.hypot(second.value - second.low, first.high - first.value),
    high: value + Math.hypot(second.high - second.value, first.value - first.low),
  };
}

/** Count, sum and sum of squares of values. */
export interface Moments {
  count: number;
  sum: number;
  squares: number;
}

/** With fewer values, the mean cannot be taken to be normally distributed. */
const LEAST_SCORES = 30;

export const meanOf = ({ count, sum }: Moments): number | null => (count === 0 ? null : sum / count);

const varianceOfMean = ({ count, sum, squares }: Moments): number =>
  Math.max(0, squares - (sum * sum) / count) / (count - 1) / count;

/**
 * The difference of two means, the second minus the first, by the normal distribution; null unless both have 30 values.
 */
export function differenceOfMeans(first: Moments, second: Moments): ConfidenceInterval | null {
  if (first.count < LEAST_SCORES || second.count < LEAST_SCORES) return null;
  const value = meanOf(second)! - meanOf(first)!;
  const margin = Z * Math.sqrt(varianceOfMean(first) + varianceOfMean(second));
  return { value, low: value - margin, high: value + margin };
}
