/**
 * Counts distinct values approximately: HyperLogLog of 2,048 registers. A value's hash chooses a register by its last 11
 * bits; the register keeps the highest rank, the place of the first one in the other 53 bits. Two sketches merge by taking
 * the higher rank, so overlapping ones count no value twice. The
 * standard error is 1.04 / sqrt(2,048) = 2.3 %: in 95 of 100 cases the estimate is at most twice as far off.
 *
 * Stored as text (`analytics-sketch.sql`): `s` with three hexadecimal digits and a rank for each register in use, or `d` with
 * the ranks of all. A rank is a character from `0` on.
 */
const REGISTERS = 2_048;
const FIRST_RANK = '0'.codePointAt(0)!;

/** Raises the ranks of registers to those of a sketch. */
function mergeInto(ranks: Uint8Array, sketch: string): void {
  const isDense = sketch.startsWith('d');
  const step = isDense ? 1 : 4;
  for (let at = 1, place = 0; at < sketch.length; at += step, place++) {
    const register = isDense ? place : Number.parseInt(sketch.slice(at, at + 3), 16);
    const rank = sketch.codePointAt(at + step - 1)! - FIRST_RANK;
    if (rank > ranks[register]!) ranks[register] = rank;
  }
}

/** The number of distinct values in the union of several sketches, rounded. */
export function estimateDistinct(sketches: Iterable<string>): number {
  const ranks = new Uint8Array(REGISTERS);
  for (const sketch of sketches) mergeInto(ranks, sketch);
  let sum = 0;
  let empty = 0;
  for (const rank of ranks) {
    sum += 2 ** -rank;
    if (rank === 0) empty++;
  }
  const estimate = ((0.7213 / (1 + 1.079 / REGISTERS)) * REGISTERS * REGISTERS) / sum;
  const few = estimate <= 2.5 * REGISTERS && empty > 0;
  return Math.round(few ? REGISTERS * Math.log(REGISTERS / empty) : estimate);
}
