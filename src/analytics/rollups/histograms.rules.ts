/** Each slot is wider than the one before it by this factor, so a value is known to within 2 %. */
const GROWTH = 1.04;

/**
 * The number of values in each slot, as text: `slot:count` separated by commas. The value v lies in slot floor(ln(1 +
 * v) / ln(1.04)).
 */
export type Histogram = string;

const middleOf = (slot: number): number => GROWTH ** (slot + 0.5) - 1;

const [ZERO, COLON, COMMA] = [48, 58, 44];

/**
 * Adds the counts of a histogram to those of each slot: character by character, in a fifth of the time of splitting the
 * text.
 */
function addCounts(histogram: Histogram, counts: number[]): void {
  let slot = 0;
  let number = 0;
  for (let at = 0; at <= histogram.length; at++) {
    const code = at === histogram.length ? COMMA : histogram.charCodeAt(at);
    if (code === COMMA) counts[slot] = (counts[slot] ?? 0) + number;
    else if (code === COLON) slot = number;
    number = code === COMMA || code === COLON ? 0 : number * 10 + code - ZERO;
  }
}

/**
 * Values below which these shares of all values lie, to within 2 % (of the value plus one); null without values.
 * @param shares from 0 to 1
 */
export function percentilesOf(
  histograms: readonly Histogram[],
  shares: readonly number[],
): (number | null)[] {
  const counts: number[] = [];
  for (const histogram of histograms) if (histogram !== '') addCounts(histogram, counts);
  const slots = Object.entries(counts).map(([slot, count]) => [Number(slot), count] as const);
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
