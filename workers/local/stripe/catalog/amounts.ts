import { divideRounded } from '../../stand-in/rounding.ts';
import type { Price } from '../account/stored.ts';

/** Decimal amounts have at most 12 places. */
const SCALE = 12;
const ONE = 10n ** BigInt(SCALE);

/** An exact decimal as an integer of 10^-12 units. */
function scaled(amount: string | null): bigint {
  const [, sign = '', whole = '0', places = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(amount ?? '0') ?? [];
  const value = BigInt(whole) * ONE + BigInt(places.padEnd(SCALE, '0'));
  return sign === '-' ? -value : value;
}

/** A percentage of an amount; percentages have at most four places. */
export const percentOf = (amount: number, percent: number): number =>
  divideRounded(BigInt(amount) * BigInt(Math.round(percent * 10_000)), 1_000_000n);

function transformed(quantity: number, transform: Price['transform_quantity']): number {
  if (transform === null) return quantity;
  const parts = quantity / transform.divide_by;
  return transform.round === 'up' ? Math.ceil(parts) : Math.floor(parts);
}

function graduated(quantity: number, tiers: NonNullable<Price['tiers']>): bigint {
  let total = 0n;
  let from = 0;
  for (const tier of tiers) {
    if (quantity <= from && from > 0) break;
    const until = Math.min(quantity, tier.up_to ?? Infinity);
    if (quantity > from) total += BigInt(until - from) * scaled(tier.unit_amount_decimal);
    if (quantity > from || from === 0) total += scaled(tier.flat_amount_decimal);
    from = tier.up_to ?? Infinity;
  }
  return total;
}

function volume(quantity: number, tiers: NonNullable<Price['tiers']>): bigint {
  const tier = tiers.find(({ up_to: upTo }) => upTo === null || quantity <= upTo);
  return (
    BigInt(quantity) * scaled(tier?.unit_amount_decimal ?? null) + scaled(tier?.flat_amount_decimal ?? null)
  );
}

/** The cost of a whole quantity, in minor units of the price's currency. */
export function amountOf(price: Price, quantity: number): number {
  const units = transformed(quantity, price.transform_quantity);
  if (price.billing_scheme !== 'tiered')
    return divideRounded(BigInt(units) * scaled(price.unit_amount_decimal), ONE);
  const tiers = price.tiers ?? [];
  return divideRounded(price.tiers_mode === 'volume' ? volume(units, tiers) : graduated(units, tiers), ONE);
}
