import { z } from '@hono/zod-openapi';
import { exampleId, idSchema, linesSchema, pageSchema } from '../../kernel/core/index.ts';
import { RATED_FEATURES, RATING_REASONS, THUMBS } from './ratings.enums.ts';

const ANSWERS = (['generation', 'agentMessage', 'summary', 'teamRun'] as const).map(idSchema);

const answerId = z
  .string()
  .refine((text) => ANSWERS.some((each) => each.safeParse(text).success), 'must be the id of an answer')
  .describe('The answer: a generation, an answer of an agent, a summary, or a run of a team.')
  .openapi({ example: exampleId('agentMessage') });
export const ratingParamsSchema = z.strictObject({ answerId });

const fields = {
  thumb: z.enum(THUMBS).nullable().describe('Whether it was good; null when there is a score.'),
  score: z.int().min(1).max(5).nullable().describe('How good it was, 1 to 5; null when there is a thumb.'),
  reason: z
    .enum(RATING_REASONS)
    .nullable()
    .describe('The subject of the rating; null for nothing in particular.'),
  text: linesSchema(2_000)
    .nullable()
    .describe('A comment of the person, 1 to 2,000 characters; null for none.'),
};

export const rateAnswerSchema = z
  .strictObject({
    thumb: fields.thumb.default(null),
    score: fields.score.default(null),
    reason: fields.reason.default(null),
    text: fields.text.default(null),
  })
  .refine(({ thumb, score }) => (thumb === null) !== (score === null), 'must have either a thumb or a score');
export type RateAnswer = z.output<typeof rateAnswerSchema>;

export const ratingSchema = z
  .object({
    answerId,
    ...fields,
    createdAt: z.iso.datetime().describe('When it was given.'),
    updatedAt: z.iso.datetime().describe('When it was last changed.'),
  })
  .openapi('AnswerRating');
export type RatingView = z.output<typeof ratingSchema>;

export const listedRatingSchema = z
  .object({
    feature: z
      .enum(RATED_FEATURES)
      .describe('The feature that was used: a generation itself (`api`), an agent, a summary, or a team.'),
    model: z.string().nullable().describe('The model that answered; null for several or none.'),
    ...fields,
    updatedAt: z.iso.datetime().describe('When it was given, or last changed.'),
  })
  .openapi('ListedAnswerRating');
export type ListedRatingView = z.output<typeof listedRatingSchema>;
export const ratingPageSchema = pageSchema(listedRatingSchema).openapi('AnswerRatingPage');

export const rateAnswerExample = {
  thumb: 'down',
  reason: 'incorrect',
  text: 'The review is on Tuesday.',
} as const;
export const ratingExample: RatingView = {
  answerId: exampleId('agentMessage'),
  ...rateAnswerExample,
  score: null,
  createdAt: '2026-01-05T09:30:00.000Z',
  updatedAt: '2026-01-05T09:30:00.000Z',
};
export const listedRatingExample: ListedRatingView = {
  feature: 'agents',
  model: 'claude-sonnet-5',
  ...rateAnswerExample,
  score: null,
  updatedAt: '2026-01-05T09:30:00.000Z',
};
