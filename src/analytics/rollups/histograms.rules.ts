/** Each slot is wider than the one before it by this factor, so a value is known to within 2 %. */
const GROWTH = 1.04;

/**
 * How many values lie in each slot, as text: `slot:count` separated by commas. The value v lies in slot
 * floor(ln(1 + v) / ln(1.04)).
 */
export type Histogram = string;

const middleOf = (slot: number): number => GROWTH ** (slot + 0.5) - 1;

/**
 * Values below which these shares of all values lie, to within 2 % (of the value plus one); null without values.
 * @param shares from 0 to 1
 */
export function percentilesOf(
  histograms: readonly Histogram[],
  shares: readonly number[],
): (number | null)[] {
  const counts = new Map<number, number>();
  for (const histogram of histograms)
    for (const pair of histogram === '' ? [] : histogram.split(',')) {
      const colon = pair.indexOf(':');
      const slot = Number(pair.slice(0, colon));
      counts.set(slot, (counts.get(slot) ?? 0) + Number(pair.slice(colon + 1)));
    }
  const slots = [...counts].sort(([a], [b]) => a - b);
  const total = slots.reduce((sum, [, count]) => sum + count, 0);
  return shares.map((share) => {
    let below = 0;
    for (const [slot, count] of slots) {
      below += count;
      if (below >= Math.max(1, share * total)) return middleOf(slot);
    }
    return null;
  });
}
