import { z } from '@hono/zod-openapi';
import { DEFAULT_CURRENCY, type Micros, type Money } from './money.rules.ts';

/** The largest whole number that every JSON parser reads exactly: nine thousand million units of a currency. */
const MOST_MICROS = Number.MAX_SAFE_INTEGER;

const amountMicros = z
  .int({ error: 'must be a whole number of micro-units' })
  .min(-MOST_MICROS)
  .max(MOST_MICROS);

export const currencySchema = z
  .string()
  .regex(/^[A-Z]{3}$/, 'must be a currency code of ISO 4217, such as USD')
  .describe('The currency: a code of ISO 4217.')
  .openapi({ example: DEFAULT_CURRENCY });

/** An amount as the API shows and takes it. */
export const moneySchema = z
  .object({
    amountMicros: amountMicros
      .describe('The amount in millionths of the currency, a whole number: 49000000 is 49 USD.')
      .openapi({ example: 49_000_000 }),
    currency: currencySchema,
  })
  .openapi('Money');

/** An amount that may be unknown. */
export const knownOrUnknownMoneySchema = z
  .object({
    amountMicros: amountMicros
      .nullable()
      .describe(
        'The amount in millionths of the currency, a whole number; null when it is not known, which is not zero.',
      )
      .openapi({ example: 49_000_000 }),
    currency: currencySchema,
  })
  .openapi('KnownOrUnknownMoney');

export type MoneyJson = z.output<typeof moneySchema>;
export type KnownOrUnknownMoneyJson = z.output<typeof knownOrUnknownMoneySchema>;

/** @throws RangeError for an amount that JSON does not hold exactly, which no invoice of the product reaches */
function amountJson(amount: Micros): number {
  const number = Number(amount);
  if (!Number.isSafeInteger(number))
    throw new RangeError('an amount has at most 9,007,199,254,740,991 micro-units');
  return number;
}

/** An amount as the API shows it. */
export const presentMoney = (amount: Micros, currency = DEFAULT_CURRENCY): MoneyJson => ({
  amountMicros: amountJson(amount),
  currency,
});

/** An amount that may be unknown (null), as the API shows it. */
export const presentAmount = (
  amount: Micros | null,
  currency = DEFAULT_CURRENCY,
): KnownOrUnknownMoneyJson => ({
  amountMicros: amount === null ? null : amountJson(amount),
  currency,
});

/** The amount of parsed JSON. */
export const parseMoney = ({ amountMicros, currency }: MoneyJson): Money => ({
  amountMicros: BigInt(amountMicros),
  currency,
});
