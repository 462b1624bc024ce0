import { z } from '@hono/zod-openapi';
import { moneySchema } from '../../kernel/money/index.ts';

const savingsSchema = z
  .object({
    reused: z.int().min(0).describe('Answers that were reused.'),
    inputTokens: z.int().min(0).describe('Tokens of input that no model had to read, with those of caches.'),
    outputTokens: z.int().min(0).describe('Tokens of output that no model had to produce.'),
    amount: moneySchema.describe('What they would have cost, where prices are known.'),
    unknownCount: z.int().min(0).describe('Reused answers of which a price is not known.'),
  })
  .openapi('AiSavings');

export const answerCacheSchema = z
  .object({
    answers: z.int().min(0).describe('Answers that are kept, at most 1,000.'),
    thisMonth: savingsSchema.describe('What reusing answers has saved in this calendar month, UTC.'),
    total: savingsSchema.describe('What it has saved since there are answers that are kept.'),
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
