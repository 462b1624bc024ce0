import { z } from '@hono/zod-openapi';
import { DEFAULT_CURRENCY, type Micros, type Money } from './money.rules.ts';

/** Amounts have at most 18 digits: a bigint of the database holds them, and sums of a few of them. */
const AMOUNT_PATTERN = /^-?\d{1,18}$/;

const amountText = z
  .string()
  .regex(AMOUNT_PATTERN, 'must be a whole number of micro-units, of at most 18 digits');

export const currencySchema = z
  .string()
  .regex(/^[A-Z]{3}$/, 'must be a currency code of ISO 4217, such as USD')
  .describe('The currency: a code of ISO 4217.')
  .openapi({ example: DEFAULT_CURRENCY });

/** An amount as the API shows and takes it. */
export const moneySchema = z
  .object({
    amountMicros: amountText
      .describe(
        'The amount in millionths of the currency, as a string of digits, because numbers in JSON are not exact beyond ' +
          '2^53: "49000000" is 49 USD.',
      )
      .openapi({ example: '49000000' }),
    currency: currencySchema,
  })
  .openapi('Money');

/** An amount that may be unknown. */
export const knownOrUnknownMoneySchema = z
  .object({
    amountMicros: amountText
      .nullable()
      .describe(
        'The amount in millionths of the currency, as a string of digits; null when it is not known, which is not zero.',
      )
      .openapi({ example: '49000000' }),
    currency: currencySchema,
  })
  .openapi('KnownOrUnknownMoney');

export type MoneyJson = z.output<typeof moneySchema>;
export type KnownOrUnknownMoneyJson = z.output<typeof knownOrUnknownMoneySchema>;

/** @throws RangeError when the amount has more than 18 digits, which no invoice of the product reaches */
function amountJson(amount: Micros): string {
  const text = amount.toString();
  if (!AMOUNT_PATTERN.test(text)) throw new RangeError('an amount has at most 18 digits');
  return text;
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
