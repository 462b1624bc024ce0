import type { UnitPrice } from '../../kernel/money/index.ts';
import { TOKEN_METERS, type TokenMeter } from './models.enums.ts';

/** The prices of a model, by meter; null when one is unknown. */
export type ModelRates = Readonly<Record<TokenMeter, UnitPrice | null>>;

/** Tokens by the meters that count them. */
export type TokenCounts = Readonly<Record<TokenMeter, number>>;

const NANOS_PER_MICRO = 1000n;

/** The cost of a quantity, rounded up, so that rounding never exceeds a budget. */
export function ceilMicros(quantity: number, { nanos, unitQuantity }: UnitPrice): bigint {
  const divisor = unitQuantity * NANOS_PER_MICRO;
  return (BigInt(quantity) * nanos + divisor - 1n) / divisor;
}

/** The cost of tokens, in millionths of a USD; null when a price that is needed is unknown. */
export function costMicros(tokens: TokenCounts, rates: ModelRates): bigint | null {
  let sum = 0n;
  for (const meter of TOKEN_METERS) {
    if (tokens[meter] === 0) continue;
    const rate = rates[meter];
    if (!rate) return null;
    sum += ceilMicros(tokens[meter], rate);
  }
  return sum;
}
