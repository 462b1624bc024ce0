/** Rounded to the nearest whole, halves away from zero. */
export function divideRounded(dividend: bigint, divisor: bigint): number {
  const negative = dividend < 0n;
  const quotient = ((negative ? -dividend : dividend) * 2n + divisor) / (divisor * 2n);
  return Number(negative ? -quotient : quotient);
}

/** A share of an amount: `part` of `whole` equal parts. */
export const shareOf = (amount: number, part: number, whole: number): number =>
  divideRounded(BigInt(amount) * BigInt(part), BigInt(whole));
