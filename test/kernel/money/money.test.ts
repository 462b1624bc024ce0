import { describe, expect, it } from 'vitest';
import {
  allocate,
  divideHalfEven,
  fromMinorUnits,
  knownOrUnknownMoneySchema,
  moneySchema,
  parseMoney,
  presentAmount,
  presentMoney,
  priceQuantity,
  prorate,
  sumAmounts,
  toMinorUnits,
} from '../../../src/kernel/money/index.ts';
import { randomFrom } from '../../support/random.ts';

const CASES = 2_000;
const random = randomFrom(10);
/** A whole number with up to so many digits; long ones are as likely as short ones. */
const digits = (most: number): bigint => {
  const count = 1 + Math.floor(random() * most);
  return BigInt(Array.from({ length: count }, () => Math.floor(random() * 10)).join(''));
};
const signed = (most: number) => (random() < 0.5 ? -digits(most) : digits(most));
const absolute = (value: bigint) => (value < 0n ? -value : value);
const sum = (parts: readonly bigint[]) => parts.reduce((total, part) => total + part, 0n);

describe('rounding', () => {
  it.each([
    [5n, 10n, 0n],
    [15n, 10n, 2n],
    [25n, 10n, 2n],
    [-5n, 10n, 0n],
    [-15n, 10n, -2n],
    [26n, 10n, 3n],
    [-26n, 10n, -3n],
    [24n, 10n, 2n],
  ])('is half to even: %s / %s is %s', (dividend, divisor, quotient) => {
    expect(divideHalfEven(dividend, divisor)).toBe(quotient);
  });

  it('is never more than half away, is even when it is exactly half, and is the same for both signs', () => {
    for (let i = 0; i < CASES; i++) {
      const dividend = signed(24);
      const divisor = digits(12) + 1n;
      const quotient = divideHalfEven(dividend, divisor);
      const twiceAway = absolute(dividend - quotient * divisor) * 2n;
      expect(twiceAway <= divisor).toBe(true);
      if (twiceAway === divisor) expect(quotient % 2n).toBe(0n);
      expect(divideHalfEven(-dividend, divisor)).toBe(-quotient);
    }
  });

  it('refuses a divisor that is not positive', () => {
    expect(() => divideHalfEven(1n, 0n)).toThrow(RangeError);
    expect(() => divideHalfEven(1n, -2n)).toThrow(RangeError);
  });
});

describe('a price', () => {
  it('is multiplied first and rounded once', () => {
    const centPerMinute = { nanos: 10_000_000n, unitQuantity: 60_000n };
    expect(priceQuantity(60_000n, centPerMinute)).toBe(10_000n);
    expect(priceQuantity(90_000n, centPerMinute)).toBe(15_000n);
    // a thousand lines of one billionth each would be zero
    expect(priceQuantity(1n, { nanos: 1n, unitQuantity: 1n })).toBe(0n);
    expect(priceQuantity(1_000n, { nanos: 1n, unitQuantity: 1n })).toBe(1n);
  });

  it('of a correction is the negative of what it corrects', () => {
    for (let i = 0; i < CASES; i++) {
      const price = { nanos: digits(12), unitQuantity: digits(7) + 1n };
      const quantity = digits(15);
      expect(priceQuantity(-quantity, price)).toBe(-priceQuantity(quantity, price));
    }
  });

  it('grows with the quantity', () => {
    for (let i = 0; i < CASES; i++) {
      const price = { nanos: digits(12), unitQuantity: digits(7) + 1n };
      const quantity = digits(15);
      expect(priceQuantity(quantity + digits(3), price) >= priceQuantity(quantity, price)).toBe(true);
    }
  });

  it('of a part of a period is that part, and of the whole period the amount', () => {
    expect(prorate(49_000_000n, 15n, 30n)).toBe(24_500_000n);
    for (let i = 0; i < CASES; i++) {
      const amount = signed(12);
      const whole = digits(8) + 1n;
      const share = digits(9) % (whole + 1n);
      expect(prorate(amount, whole, whole)).toBe(amount);
      const parts = prorate(amount, share, whole) + prorate(amount, whole - share, whole);
      expect(absolute(parts - amount) <= 1n).toBe(true);
    }
  });
});

describe('an allocation', () => {
  it('gives what is left over to the largest remainders, the earlier first', () => {
    expect(allocate(100n, [1n, 1n, 1n])).toEqual([34n, 33n, 33n]);
    expect(allocate(-100n, [1n, 1n, 1n])).toEqual([-34n, -33n, -33n]);
    expect(allocate(10n, [1n, 2n, 6n])).toEqual([1n, 2n, 7n]);
    expect(allocate(5n, [0n, 1n])).toEqual([0n, 5n]);
  });

  it('sums to the amount, and each part is less than one away from its exact share', () => {
    for (let i = 0; i < CASES; i++) {
      const total = signed(15);
      const weights = Array.from({ length: 1 + Math.floor(random() * 12) }, () => digits(6));
      const whole = sum(weights);
      if (whole === 0n) continue;
      const parts = allocate(total, weights);
      expect(sum(parts)).toBe(total);
      parts.forEach((part, index) =>
        expect(absolute(part * whole - total * weights[index]!) < whole).toBe(true),
      );
    }
  });

  it('refuses negative weights, and weights that are all zero', () => {
    expect(() => allocate(1n, [2n, -1n])).toThrow(RangeError);
    expect(() => allocate(1n, [0n, 0n])).toThrow(RangeError);
    expect(() => allocate(1n, [])).toThrow(RangeError);
  });
});

describe('an unknown amount', () => {
  it('is counted beside the total and not added as zero', () => {
    expect(sumAmounts([5n, null, -2n, null])).toEqual({ total: 3n, unknown: 2 });
    expect(sumAmounts([])).toEqual({ total: 0n, unknown: 0 });
  });

  it('is null in JSON', () => {
    expect(presentAmount(null)).toEqual({ amountMicros: null, currency: 'USD' });
    expect(presentAmount(0n)).toEqual({ amountMicros: 0, currency: 'USD' });
    expect(knownOrUnknownMoneySchema.parse({ amountMicros: null, currency: 'EUR' }).amountMicros).toBeNull();
  });
});

describe('the smallest units of a currency', () => {
  it('are rounded half to even, and the rounding is named', () => {
    expect(toMinorUnits({ amountMicros: 49_005_000n, currency: 'USD' })).toEqual({
      minorUnits: 4_900n,
      rounding: -5_000n,
    });
    expect(toMinorUnits({ amountMicros: 49_015_000n, currency: 'USD' })).toEqual({
      minorUnits: 4_902n,
      rounding: 5_000n,
    });
  });

  it.each([
    ['USD', 4_900n, 49_000_000n],
    ['JPY', 49n, 49_000_000n],
    ['KWD', 49_000n, 49_000_000n],
  ])('follow ISO 4217: %s', (currency, minorUnits, amountMicros) => {
    expect(toMinorUnits({ amountMicros, currency })).toEqual({ minorUnits, rounding: 0n });
    expect(fromMinorUnits(minorUnits, currency)).toEqual({ amountMicros, currency });
  });

  it('and the named rounding give the amount back', () => {
    for (let i = 0; i < CASES; i++) {
      for (const currency of ['USD', 'JPY', 'KWD']) {
        const amountMicros = signed(15);
        const { minorUnits, rounding } = toMinorUnits({ amountMicros, currency });
        expect(fromMinorUnits(minorUnits, currency).amountMicros).toBe(amountMicros + rounding);
      }
    }
  });
});

describe('money in JSON', () => {
  it('is a whole number, and reads back exactly', () => {
    for (let i = 0; i < CASES; i++) {
      const amountMicros = signed(15);
      const json = moneySchema.parse(JSON.parse(JSON.stringify(presentMoney(amountMicros))));
      expect(parseMoney(json)).toEqual({ amountMicros, currency: 'USD' });
    }
  });

  it.each([1.5, '49', '', Number.MAX_SAFE_INTEGER + 1, Infinity, NaN])('is not %j', (amountMicros) => {
    expect(moneySchema.safeParse({ amountMicros, currency: 'USD' }).success).toBe(false);
  });

  it('is never shown inexactly', () => {
    expect(() => presentMoney(2n ** 53n)).toThrow(RangeError);
  });
});
