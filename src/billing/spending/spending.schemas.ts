import { z } from '@hono/zod-openapi';
import { moneySchema } from '../../kernel/money/index.ts';
import { CATALOG_CURRENCY } from '../providers/index.ts';

/** A billion, which fits into every type that counts it. */
const MAX_LIMIT_MICROS = 1_000_000_000_000_000;

export const setSpendingLimitSchema = z.strictObject({
  limit: z
    .strictObject({
      amountMicros: z
        .int()
        .min(0)
        .max(MAX_LIMIT_MICROS)
        .openapi({ example: 50_000_000 })
        .describe('In millionths of the currency, 0 to 10^15; 0 to use nothing beyond the plan.'),
      currency: z.literal(CATALOG_CURRENCY).describe('Currency of the plan.'),
    })
    .nullable()
    .describe('The most to spend beyond the plan in a calendar month, UTC, without tax; null for no limit.'),
});
export type SetSpendingLimit = z.output<typeof setSpendingLimitSchema>;

const moment = (description: string) => z.iso.datetime().openapi({ description });

export const spendingLimitSchema = z
  .object({
    limit: moneySchema.nullable().openapi({
      description: 'The most to spend beyond the plan in a calendar month, without tax; null for no limit.',
    }),
    periodStartsAt: moment('Start of the current calendar month, UTC.'),
    periodEndsAt: moment('Its end, excluded.'),
    spent: moneySchema.openapi({
      description:
        'Price of the usage beyond the plan in the month, including running calls; without tax, in whole minutes.',
    }),
    reserved: moneySchema.openapi({
      description:
        'Possible cost, in the next ten minutes, of the participants who are connected or hold an unused token.',
    }),
    left: moneySchema.nullable().openapi({
      description: 'Amount that is neither spent nor reserved, at least 0; null without a limit.',
    }),
    reached: z.boolean().openapi({
      description:
        'Whether the limit covers no further participant now: joining a call and ringing are refused.',
      example: false,
    }),
  })
  .openapi('SpendingLimit');
export type SpendingLimitView = z.output<typeof spendingLimitSchema>;

/** The fields of the events, beside the month. */
export const spendingFields = {
  periodStartsAt: z.iso
    .datetime()
    .openapi({ example: '2026-01-01T00:00:00.000Z' })
    .describe('Start of the calendar month, UTC.'),
  limit: moneySchema.describe('The spending limit.'),
  spent: moneySchema.describe('Amount spent beyond the plan when this was noticed, without tax.'),
};

const usd = (amountMicros: number) => ({ amountMicros, currency: CATALOG_CURRENCY });
export const spendingExample = {
  periodStartsAt: '2026-01-01T00:00:00.000Z',
  limit: usd(50_000_000),
  spent: usd(40_100_000),
};
export const setSpendingLimitExample: SetSpendingLimit = {
  limit: { amountMicros: 50_000_000, currency: CATALOG_CURRENCY },
};
export const spendingLimitExample: SpendingLimitView = {
  ...spendingExample,
  periodEndsAt: '2026-02-01T00:00:00.000Z',
  reserved: usd(600_000),
  left: usd(9_300_000),
  reached: false,
};
