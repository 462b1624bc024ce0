import { z } from '@hono/zod-openapi';
import { GENERATION_FEATURES } from '../../intelligence/generations/index.ts';
import { knownOrUnknownMoneySchema } from '../../kernel/money/index.ts';
import { checkRange, rangeExample, rangeFields, rangeSchema } from '../rollups/index.ts';

export const aiAnalyticsQuerySchema = z
  .strictObject({
    ...rangeFields,
    groupBy: z
      .enum(['model', 'feature', 'provider'])
      .default('model')
      .openapi({ description: 'How the requests are grouped. Default: `model`.' }),
    feature: z
      .enum(GENERATION_FEATURES)
      .optional()
      .openapi({ description: 'Only requests of this feature. Default: all.' }),
    interval: z
      .enum(['day', 'week', 'month'])
      .default('day')
      .openapi({ description: 'The steps of the timeline; weeks begin on Monday. Default: `day`.' }),
  })
  .superRefine(checkRange);
export type AiAnalyticsQuery = z.output<typeof aiAnalyticsQuerySchema>;

const count = (description: string) => z.number().int().openapi({ description });
const seconds = (description: string) =>
  z
    .number()
    .nullable()
    .openapi({ description: `${description} Null without a completed answer.` });
const times = (what: string) =>
  z
    .object({
      mean: seconds('Mean.'),
      p50: seconds('Median.'),
      p95: seconds('95th percentile.'),
      p99: seconds('99th percentile.'),
    })
    .openapi({ description: `Seconds ${what}, of completed answers; percentiles to within 2 %.` });
const costFields = {
  cost: knownOrUnknownMoneySchema.openapi({
    description:
      'What providers charge, to the micro-unit. When none of it has a price, it is unknown, which is not zero.',
  }),
  unknownCount: count('Number of cost lines without a known price, whose cost is not included.'),
};

const figures = {
  requests: count('Requests to models that have ended.'),
  completed: count('Requests that were answered.'),
  failed: count('Those that failed.'),
  cancelled: count('Requests that were cancelled.'),
  successRatio: z.number().nullable().openapi({
    description:
      'Share of answered requests among the answered and the failed ones, 0 to 1; null when there are none.',
  }),
  inputTokens: count('Tokens that models read and that were not in a cache.'),
  outputTokens: count('Tokens that models produced.'),
  cacheReadTokens: count('Tokens that were read from a cache.'),
  cacheWriteTokens: count('Tokens that were kept in a cache.'),
  firstToken: times('until the first token'),
  wholeAnswer: times('until the end of the answer'),
  ...costFields,
};
const figuresSchema = z.object(figures).openapi('AiFigures');
export type AiFigures = z.output<typeof figuresSchema>;

export const aiAnalyticsSchema = z
  .object({
    range: rangeSchema.openapi({ description: 'The range of the figures, and the period before it.' }),
    current: figuresSchema.openapi({ description: 'The range.' }),
    previous: figuresSchema.openapi({ description: 'The period before the range.' }),
    groups: z
      .array(
        z
          .object({
            group: z
              .string()
              .openapi({ description: 'The model, the feature that used it, or its provider.' }),
            ...figures,
          })
          .openapi('AiFiguresOfGroup'),
      )
      .openapi({ description: 'The groups of the range, the one with most requests first.' }),
    timeline: z
      .array(
        z
          .object({
            day: z.iso.date().openapi({
              description:
                'The day, or the first one of the week or month, in the time zone of the organization.',
            }),
            requests: count('Requests in the part of the day, week or month that is within the range.'),
            failed: count('Those that failed.'),
            tokens: count('All tokens, including those of caches.'),
            ...costFields,
          })
          .openapi('AiDay'),
      )
      .openapi({ description: 'The days, weeks or months with a request, in order.' }),
  })
  .openapi('AiAnalytics');
export type AiAnalyticsView = z.output<typeof aiAnalyticsSchema>;

const money = { cost: { amountMicros: 4_200_000, currency: 'USD' }, unknownCount: 0 } as const;
const figuresExample: AiFigures = {
  requests: 1_310,
  completed: 1_280,
  failed: 20,
  cancelled: 10,
  successRatio: 0.9846,
  inputTokens: 2_140_000,
  outputTokens: 310_000,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  firstToken: { mean: 0.612, p50: 0.54, p95: 1.31, p99: 2.2 },
  wholeAnswer: { mean: 4.1, p50: 3.6, p95: 9.8, p99: 14.2 },
  ...money,
};
export const aiAnalyticsExample: AiAnalyticsView = {
  range: rangeExample,
  current: figuresExample,
  previous: figuresExample,
  groups: [{ group: 'claude-haiku-4-5', ...figuresExample }],
  timeline: [{ day: '2026-01-05', requests: 61, failed: 1, tokens: 112_000, ...money }],
};
