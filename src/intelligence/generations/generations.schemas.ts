import { z } from '@hono/zod-openapi';
import { idSchema, pageSchema } from '../../kernel/core/index.ts';
import { knownOrUnknownMoneySchema } from '../../kernel/money/index.ts';
import { partSchema } from '../generation-requests/index.ts';
import { STOP_REASONS } from '../providers/index.ts';
import { passedOverSchema, routePolicySchema } from '../routing/index.ts';
import {
  ATTEMPT_FAILURES,
  GENERATION_FAILURES,
  GENERATION_STATUSES,
  USAGE_STATES,
} from './generations.enums.ts';

const generationId = idSchema('generation').describe('Id of the generation.');
export const generationParamsSchema = z.strictObject({ generationId });

const tokens = (what: string) => z.int().min(0).describe(`Tokens ${what}, as the provider counted them.`);

export const usageSchema = z
  .object({
    state: z
      .enum(USAGE_STATES)
      .describe(
        '`exact`: the final figures of the provider; `partial`: its figures when the answer was cut ' +
          'off; `none`: there are no figures.',
      ),
    inputTokens: tokens('of input that came from no cache'),
    outputTokens: tokens('of output, with reasoning'),
    cacheReadTokens: tokens('of input that were read from a cache'),
    cacheWriteTokens: tokens('of input that were cached for five minutes'),
    cacheWriteHourTokens: tokens('of input that were cached for an hour'),
    reasoningTokens: z
      .int()
      .nullable()
      .describe('Part of the output that was reasoning; null when the provider does not report it.'),
  })
  .openapi('AiUsageOfGeneration');

const attemptSchema = z
  .object({
    provider: z.string().describe('Its provider.'),
    model: z.string().describe('The model.'),
    failure: z
      .enum(ATTEMPT_FAILURES)
      .nullable()
      .describe(
        'Why it did not complete the answer; null for the model that did. `breaker_open`: it was not ' +
          'asked, because it had failed repeatedly. `slower`: another model that was asked in addition ' +
          'began to answer first.',
      ),
  })
  .openapi('AiAttempt');

const routeSchema = z
  .object({
    policy: routePolicySchema,
    attempts: z
      .array(attemptSchema)
      .describe(
        'The models that were tried, in order, the one that answered last; present once it has ended.',
      ),
    passedOver: z
      .array(
        z
          .object({
            provider: z.string().describe('Its provider.'),
            model: z.string().describe('The model.'),
            reason: passedOverSchema,
          })
          .openapi('AiPassedOverModel'),
      )
      .describe('Models that were not asked, at most 50, each with the first reason.'),
  })
  .openapi('AiRouteOfGeneration');

const reusedSchema = z
  .object({
    inputTokens: z.int().min(0).describe('Input tokens of the first answer, with cached tokens.'),
    outputTokens: z.int().min(0).describe('Output tokens of the first answer.'),
    saved: knownOrUnknownMoneySchema.openapi({ description: 'The cost of asking the model again.' }),
  })
  .openapi('AiReusedAnswer');

const hedgeSchema = z
  .object({
    provider: z.string().describe('Its provider.'),
    model: z.string().describe('The model.'),
    ownKey: z.boolean().describe('Whether it was asked with a key of the organization.'),
    usage: usageSchema.describe('Its figures, which are charged in addition.'),
  })
  .openapi('AiHedge');

const generationFields = {
  id: generationId,
  status: z.enum(GENERATION_STATUSES).describe('`running`, or how it ended.'),
  failure: z.enum(GENERATION_FAILURES).nullable().describe('Why it failed; null when it did not.'),
  stopReason: z
    .enum(STOP_REASONS)
    .nullable()
    .describe(
      'Why the model stopped; `refusal` when it declined to answer. Null when the answer is not ' +
        'complete.',
    ),
  provider: z.string().describe('Provider that answered; while it runs, the first one that is asked.'),
  model: z.string().describe('Model that answered; while it runs, the first one that is asked.'),
  ownKey: z.boolean().describe('Whether the provider was asked with a key of the organization.'),
  route: routeSchema.describe('How the model was chosen.'),
  reused: reusedSchema
    .nullable()
    .describe('The savings, when an earlier answer was reused; null when a model was asked.'),
  usage: usageSchema.describe('The figures of the provider.'),
  hedge: z.union([hedgeSchema, z.null()]).openapi({
    description:
      'The model whose answer is not used, when two were asked at once because the first was silent; else null.',
  }),
  firstOutputSeconds: z
    .number()
    .nullable()
    .describe('Seconds until the first output, to the millisecond; null without output.'),
  durationSeconds: z
    .number()
    .nullable()
    .describe('Seconds until it ended, to the millisecond; null while it runs, and in a batch.'),
  createdAt: z.iso.datetime().describe('When it was requested.'),
  endedAt: z.iso.datetime().nullable().describe('When it ended; null while it runs.'),
};

const output = z
  .array(partSchema)
  .describe(
    'The answer: text, reasoning with its signature, tool calls. These parts can be sent back as a ' +
      'message.',
  );

export const generationSchema = z.object(generationFields).openapi('Generation');
export type GenerationView = z.output<typeof generationSchema>;
export const generationPageSchema = pageSchema(generationSchema).openapi('GenerationPage');
export const answeredGenerationSchema = z
  .object({
    ...generationFields,
    output: output.nullable().describe('The answer so far; null once it is no longer kept.'),
  })
  .openapi('AnsweredGeneration');
export type AnsweredGenerationView = z.output<typeof answeredGenerationSchema>;

const eventId = (where: string) =>
  z
    .string()
    .regex(/^\d{1,9}$/, 'must be a number')
    .transform(Number)
    .optional()
    .describe(`Id of the last event that was received${where}`);

export const eventsQuerySchema = z.strictObject({
  after: eventId('; the header `Last-Event-ID` says the same, and comes first.'),
});
export const eventsHeadersSchema = z.object({ 'last-event-id': eventId(', as browsers send it.') });
