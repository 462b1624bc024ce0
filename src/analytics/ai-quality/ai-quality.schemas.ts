import { z } from '@hono/zod-openapi';
import { GENERATION_FEATURES } from '../../intelligence/generations/index.ts';
import { knownOrUnknownMoneySchema } from '../../kernel/money/index.ts';
import { checkRange, rangeExample, rangeFields, rangeSchema } from '../rollups/index.ts';

const feature = z.enum(GENERATION_FEATURES);
const model = z.string().min(1).max(200);
const asked = feature.optional().describe('Only answers for this feature; `api` is `POST /ai/generations`.');

export const qualityQuerySchema = z
  .strictObject({
    ...rangeFields,
    model: model.optional().describe('Only answers of this model.'),
    feature: asked,
  })
  .superRefine(checkRange);
export type QualityQuery = z.output<typeof qualityQuerySchema>;

export const comparisonQuerySchema = z
  .strictObject({
    ...rangeFields,
    first: model.describe('A model.').openapi({ example: 'claude-haiku-4-5' }),
    second: model.describe('The model that it is compared with.').openapi({ example: 'claude-sonnet-5' }),
    feature: asked,
  })
  .superRefine(checkRange)
  .refine(({ first, second }) => first !== second, {
    path: ['second'],
    message: 'must be another model than first',
  });
export type ComparisonQuery = z.output<typeof comparisonQuerySchema>;

const count = (what: string) => z.int().min(0).describe(what);
const shareSchema = z
  .object({
    share: z.number().describe('The share that was measured, 0 to 1.'),
    low: z.number().describe('Lower bound of its Wilson score interval of 95 %.'),
    high: z.number().describe('Upper bound of the interval.'),
  })
  .openapi('ShareWithInterval');
const latencySchema = z
  .object({
    medianSeconds: z
      .number()
      .nullable()
      .describe('Median: half of them took no longer; null when there are none.'),
    p95Seconds: z.number().nullable().describe('95 % of them took no longer; null when there are none.'),
  })
  .openapi('AnswerLatency');

const figures = {
  answers: count('Answers that were completed or failed.'),
  cancelled: count('Answers that the caller cancelled; they count neither as a success nor as a failure.'),
  reused: count('Answers that came from the cache: no model was used, and no other figure includes them.'),
  success: z
    .union([shareSchema, z.null()])
    .openapi({ description: 'Share of the answers that were completed; null when there are none.' }),
  firstOutput: latencySchema.openapi({ description: 'Time to the first output of completed answers.' }),
  duration: latencySchema.openapi({ description: 'Time to the end of completed answers.' }),
  cost: knownOrUnknownMoneySchema.openapi({
    description:
      'Cost of the answers on the account of the platform, as in `GET /ai/cost`. It is unknown when the cost of ' +
      'one answer is, for example because a key of the organization was used.',
  }),
  thumbs: count('Number of ratings by a thumb.'),
  thumbsUp: z
    .union([shareSchema, z.null()])
    .openapi({ description: 'Share of thumbs up; null when there are no thumbs.' }),
  scores: count('Number of ratings by a score.'),
  meanScore: z.number().nullable().describe('Mean of the scores, 1 to 5; null when there are none.'),
};

const qualitySchema = z
  .object({
    provider: z.string().describe('Provider of the model that answered.'),
    model: z
      .string()
      .describe('The model that answered; for a failed answer, the last model that was asked.'),
    feature: feature.describe('The feature that asked it.'),
    ...figures,
  })
  .openapi('AnswerQuality');

export const qualityListSchema = z
  .object({
    range: rangeSchema.describe('The range in which the answers were requested.'),
    data: z.array(qualitySchema).describe('Models and features, those with most answers first, at most 500.'),
  })
  .openapi('AnswerQualityList');

const differenceSchema = z
  .object({
    difference: z.number().describe('The value of the second model minus that of the first.'),
    low: z.number().describe('Lower bound of the interval of 95 %.'),
    high: z.number().describe('Upper bound of the interval.'),
    isSure: z
      .boolean()
      .describe(
        'Whether 0 is outside the interval. Among several comparisons, some are significant by chance.',
      ),
  })
  .openapi('QualityDifference');
const comparedSchema = z
  .object({ model: z.string().describe('The model.'), ...figures })
  .openapi('ComparedModel');

export const comparisonSchema = z
  .object({
    range: rangeSchema.describe('The range in which the answers were requested.'),
    first: comparedSchema.describe('The first model.'),
    second: comparedSchema.describe('The second model.'),
    success: z.union([differenceSchema, z.null()]).openapi({
      description:
        "Difference of the success shares, by Newcombe's method from their Wilson intervals; null unless both " +
        'have answers.',
    }),
    thumbsUp: z.union([differenceSchema, z.null()]).openapi({
      description: 'Difference of the shares of thumbs up, by the same method; null unless both have thumbs.',
    }),
    meanScore: z.union([differenceSchema, z.null()]).openapi({
      description:
        'Difference of the mean scores, by the normal distribution; null unless both have at least 30 scores.',
    }),
  })
  .openapi('ModelComparison');

const share = { share: 0.98, low: 0.965, high: 0.989 };
const figuresExample = {
  answers: 600,
  cancelled: 4,
  reused: 12,
  success: share,
  firstOutput: { medianSeconds: 0.42, p95Seconds: 1.1 },
  duration: { medianSeconds: 2.4, p95Seconds: 8.9 },
  cost: { amountMicros: 1_250_000, currency: 'USD' },
  thumbs: 40,
  thumbsUp: { share: 0.85, low: 0.709, high: 0.929 },
  scores: 12,
  meanScore: 4.25,
};
export const qualityListExample: z.output<typeof qualityListSchema> = {
  range: rangeExample,
  data: [{ provider: 'anthropic', model: 'claude-sonnet-5', feature: 'agents', ...figuresExample }],
};
export const comparisonExample: z.output<typeof comparisonSchema> = {
  range: rangeExample,
  first: { model: 'claude-haiku-4-5', ...figuresExample },
  second: { model: 'claude-sonnet-5', ...figuresExample },
  success: { difference: 0, low: -0.016, high: 0.016, isSure: false },
  thumbsUp: { difference: 0, low: -0.16, high: 0.16, isSure: false },
  meanScore: null,
};
