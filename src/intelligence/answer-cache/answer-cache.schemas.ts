import { z } from '@hono/zod-openapi';
import { moneySchema } from '../../kernel/money/index.ts';

const savingsSchema = z
  .object({
    reused: z.int().min(0).describe('Answers that were reused.'),
    inputTokens: z.int().min(0).describe('Input tokens that no model had to read, with cached tokens.'),
    outputTokens: z.int().min(0).describe('Output tokens that no model had to produce.'),
    amount: moneySchema.describe('The cost that was saved, where prices are known.'),
    unknownCount: z.int().min(0).describe('Number of reused answers with an unknown price.'),
  })
  .openapi('AiSavings');

export const answerCacheSchema = z
  .object({
    answers: z.int().min(0).describe('Number of kept answers, at most 1,000.'),
    thisMonth: savingsSchema.describe('Savings of this calendar month, UTC.'),
    total: savingsSchema.describe('Savings since the first answer was kept.'),
  })
  .openapi('AiAnswerCache');
export type AnswerCacheView = z.output<typeof answerCacheSchema>;

const savingsExample = {
  reused: 12,
  inputTokens: 4_800,
  outputTokens: 2_100,
  amount: { amountMicros: 15_300, currency: 'USD' },
  unknownCount: 0,
};
export const answerCacheExample: AnswerCacheView = {
  answers: 40,
  thisMonth: savingsExample,
  total: savingsExample,
};
