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

const usageSchema = z
  .object({
    state: z
      .enum(USAGE_STATES)
      .describe(
        '`exact`: the final figures of the provider; `partial`: those that it had given when the answer was cut; `none`: it gave none.',
      ),
    inputTokens: tokens('of input that no cache had'),
    outputTokens: tokens('of output, with reasoning'),
    cacheReadTokens: tokens('of input that were read from a cache'),
    cacheWriteTokens: tokens('of input that were kept for five minutes'),
    cacheWriteHourTokens: tokens('of input that were kept for an hour'),
    reasoningTokens: z
      .int()
      .nullable()
      .describe('Part of the output that was reasoning; null where the provider does not say.'),
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
        'Why it did not answer to the end; null for the one that did. `breaker_open`: it had failed again and again, and was not asked.',
      ),
  })
  .openapi('AiAttempt');

const routeSchema = z
  .object({
    policy: routePolicySchema,
    attempts: z
      .array(attemptSchema)
      .describe('The models whose turn it was, in their order; once it has ended.'),
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
      .describe('Models that were not asked, at most 50, and the first reason of each.'),
  })
  .openapi('AiRouteOfGeneration');

const reusedSchema = z
  .object({
    inputTokens: z.int().min(0).describe('Tokens of input of the first answer, with those of caches.'),
    outputTokens: z.int().min(0).describe('Tokens of output of the first answer.'),
    saved: knownOrUnknownMoneySchema.openapi({ description: 'What asking the model again would have cost.' }),
  })
  .openapi('AiReusedAnswer');

const generationFields = {
  id: generationId,
  status: z.enum(GENERATION_STATUSES).describe('`running`, or how it ended.'),
  failure: z.enum(GENERATION_FAILURES).nullable().describe('Why it failed; null when it did not.'),
  stopReason: z
    .enum(STOP_REASONS)
    .nullable()
    .describe(
      'Why the model stopped; `refusal` when it declined to answer. Null when it did not come to an end.',
    ),
  provider: z.string().describe('Provider that answered; while it runs, the first that is asked.'),
  model: z.string().describe('Model that answered; while it runs, the first that is asked.'),
  ownKey: z.boolean().describe('Whether the provider was asked with a key of the organization.'),
  route: routeSchema.describe('How the model was chosen.'),
  reused: reusedSchema
    .nullable()
    .describe('What it has saved, where an answer was given again; null where a model was asked.'),
  usage: usageSchema.describe('What the provider counted.'),
  firstOutputSeconds: z
    .number()
    .nullable()
    .describe('Seconds until the first output, to the millisecond; null without output.'),
  durationSeconds: z
    .number()
    .nullable()
    .describe('Seconds until it ended, to the millisecond; null while it runs.'),
  createdAt: z.iso.datetime().describe('When it was asked for.'),
  endedAt: z.iso.datetime().nullable().describe('When it ended; null while it runs.'),
};

const output = z
  .array(partSchema)
  .describe(
    'The answer: text, reasoning with its signature, tool calls. They can be sent back as a message.',
  );

export const generationSchema = z.object(generationFields).openapi('Generation');
export type GenerationView = z.output<typeof generationSchema>;
export const generationPageSchema = pageSchema(generationSchema).openapi('GenerationPage');
export const answeredGenerationSchema = z
  .object({
    ...generationFields,
    output: output
      .nullable()
      .describe('The answer as far as it was given; null once it is not kept any more.'),
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
