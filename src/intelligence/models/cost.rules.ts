import type { UnitPrice } from '../../kernel/money/index.ts';
import { TOKEN_METERS, type TokenMeter } from './models.enums.ts';

/** What a model costs, by meter; null where no price is known. */
export type ModelRates = Readonly<Record<TokenMeter, UnitPrice | null>>;

/** Tokens by the meters that count them. */
export type TokenCounts = Readonly<Record<TokenMeter, number>>;

const NANOS_PER_MICRO = 1000n;

/** What a quantity costs, rounded up, so that a budget is never passed by rounding. */
export function ceilMicros(quantity: number, { nanos, unitQuantity }: UnitPrice): bigint {
  const divisor = unitQuantity * NANOS_PER_MICRO;
  return (BigInt(quantity) * nanos + divisor - 1n) / divisor;
}

/** What tokens cost, in millionths of a USD; null when a price of what is among them is unknown. */
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
