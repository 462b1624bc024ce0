import { z } from '@hono/zod-openapi';
import { moneySchema } from '../../kernel/money/index.ts';
import { BUDGET_PERIODS } from './ai-budgets.enums.ts';

/** A million USD. */
const MAX_MICROS = 1_000_000_000_000;

const period = z.enum(BUDGET_PERIODS).describe('The period of the budget: a calendar `day` or `month`, UTC.');

export const setBudgetSchema = z.strictObject({
  limitMicros: z
    .int()
    .min(0)
    .max(MAX_MICROS)
    .describe(
      'The most that may be spent in a period, in millionths of a USD, up to a million USD; with 0 ' +
        'nothing may be spent.',
    ),
  period,
});
export type SetBudget = z.output<typeof setBudgetSchema>;

export const budgetSchema = z
  .object({
    period,
    limit: moneySchema.describe('The most that may be spent in a period.'),
    spent: moneySchema.describe('The cost of answers in this period, counted since the budget was set.'),
    reserved: moneySchema.describe('The most that running generations may cost.'),
    left: moneySchema.describe('The amount that is left for other requests.'),
    endsAt: z.iso.datetime().describe('When the period ends and the next one begins.'),
    updatedAt: z.iso.datetime().describe('When the budget was set.'),
  })
  .openapi('AiBudget');
export type BudgetView = z.output<typeof budgetSchema>;

const usd = (amountMicros: number) => ({ amountMicros, currency: 'USD' });
export const setBudgetExample: SetBudget = { limitMicros: 50_000_000, period: 'month' };
export const budgetExample: BudgetView = {
  period: 'month',
  limit: usd(50_000_000),
  spent: usd(12_400_000),
  reserved: usd(100_000),
  left: usd(37_500_000),
  endsAt: '2026-02-01T00:00:00.000Z',
  updatedAt: '2026-01-05T09:30:00.000Z',
};
