/** An amount in millionths of a currency's unit: 49 USD are 49_000_000n. */
export type Micros = bigint;

/** A price in billionths of a currency's unit, for a number of base units that stands beside it. */
export type Nanos = bigint;

/** The ISO 4217 code of a currency. */
export type Currency = string;

export interface Money {
  amountMicros: Micros;
  currency: Currency;
}

/**
 * The price of `unitQuantity` base units of a meter. A price per minute of a meter of milliseconds has 60,000 of them.
 */
export interface UnitPrice {
  nanos: Nanos;
  unitQuantity: bigint;
}

/** The currency of every price that names none. */
export const DEFAULT_CURRENCY: Currency = 'USD';

const NANOS_PER_MICRO = 1000n;
const MICRO_DIGITS = 6;

const absolute = (value: bigint) => (value < 0n ? -value : value);

/**
 * The quotient, rounded half to even: of two equally near integers the even one, so that rounding many lines favours
 * neither side.
 * @throws RangeError when the divisor is not positive
 */
export function divideHalfEven(dividend: bigint, divisor: bigint): bigint {
  if (divisor <= 0n) throw new RangeError('the divisor must be positive');
  const quotient = dividend / divisor;
  const twiceRest = absolute(dividend % divisor) * 2n;
  const isUp = twiceRest > divisor || (twiceRest === divisor && quotient % 2n !== 0n);
  if (!isUp) return quotient;
  return dividend < 0n ? quotient - 1n : quotient + 1n;
}

/**
 * The cost of a quantity of base units: multiplied first, rounded once. A negative quantity is a correction and gives a
 * negative amount.
 */
export const priceQuantity = (quantity: bigint, { nanos, unitQuantity }: UnitPrice): Micros =>
  divideHalfEven(quantity * nanos, unitQuantity * NANOS_PER_MICRO);

/** The part of an amount that falls to `share` of `whole`, such as days of a period; rounded once. */
export const prorate = (amount: Micros, share: bigint, whole: bigint): Micros =>
  divideHalfEven(amount * share, whole);

/**
 * Divides an amount among weights by largest remainder, the earlier weight first among equals. The parts sum to the
 * amount exactly, and none is a whole micro-unit away from its exact share.
 * @throws RangeError when a weight is negative or all are zero
 */
export function allocate(total: Micros, weights: readonly bigint[]): Micros[] {
  const whole = weights.reduce((sum, weight) => sum + weight, 0n);
  if (weights.some((weight) => weight < 0n)) throw new RangeError('a weight must not be negative');
  if (whole === 0n) throw new RangeError('a weight must be above zero');
  const amount = absolute(total);
  const parts = weights.map((weight) => (amount * weight) / whole);
  let left = amount - parts.reduce((sum, part) => sum + part, 0n);
  const byRemainder = weights
    .map((weight, index) => ({ index, remainder: (amount * weight) % whole }))
    .sort((a, b) => Number(b.remainder > a.remainder) - Number(b.remainder < a.remainder));
  for (const { index } of byRemainder) {
    if (left === 0n) break;
    parts[index]! += 1n;
    left -= 1n;
  }
  return total < 0n ? parts.map((part) => -part) : parts;
}

/** The sum of what is known, and how many amounts are unknown (null). An unknown amount is never counted as zero. */
export function sumAmounts(amounts: Iterable<Micros | null>): { total: Micros; unknown: number } {
  let total = 0n;
  let unknown = 0;
  for (const amount of amounts) {
    if (amount === null) unknown += 1;
    else total += amount;
  }
  return { total, unknown };
}

/** The decimals of a currency's smallest unit, by ISO 4217: 2 for USD, 0 for JPY. */
const minorDigits = (currency: Currency): number =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;

const microsPerMinorUnit = (currency: Currency) => 10n ** BigInt(MICRO_DIGITS - minorDigits(currency));

/**
 * An amount in the smallest unit that a payment provider charges, and what rounding added to it. The rounding belongs on
 * the invoice as a line of its own, so that lines and total agree: `minorUnits` = (amount + rounding) in minor units.
 */
export function toMinorUnits({ amountMicros, currency }: Money): { minorUnits: bigint; rounding: Micros } {
  const unit = microsPerMinorUnit(currency);
  const minorUnits = divideHalfEven(amountMicros, unit);
  return { minorUnits, rounding: minorUnits * unit - amountMicros };
}

/** The amount of a payment provider's smallest units. */
export const fromMinorUnits = (minorUnits: bigint, currency: Currency): Money => ({
  amountMicros: minorUnits * microsPerMinorUnit(currency),
  currency,
});
