import { z } from '@hono/zod-openapi';
import { idSchema, pageSchema } from '../../kernel/core/index.ts';
import { STOP_REASONS } from '../providers/index.ts';
import { GENERATION_FAILURES, GENERATION_STATUSES, USAGE_STATES } from './generations.enums.ts';
import { text, cache, toolName, partSchema, messageSchema } from './messages.schemas.ts';

const MAX_TOOLS = 128;

const jsonSchema = z
  .record(z.string(), z.unknown())
  .describe('A JSON schema, passed to the provider as it is.');

const toolSchema = z
  .strictObject({
    name: toolName.describe('Its name.'),
    description: text(10_000).describe('What it does, for the model.'),
    inputSchema: jsonSchema.describe('JSON schema of its input, an object.'),
  })
  .openapi('AiTool');

export const createGenerationSchema = z.strictObject({
  model: z
    .string()
    .min(1)
    .max(200)
    .openapi({ example: 'claude-sonnet-5', description: 'A model of the catalogue.' }),
  fallbackModels: z
    .array(z.string().min(1).max(200))
    .max(5)
    .optional()
    .openapi({
      example: ['claude-haiku-4-5'],
      description:
        'Models that are asked in this order, at most 5, when the one before does nothing; each must be able to do what is asked.',
    }),
  system: text(500_000).optional().describe('Instructions for the model, before all messages.'),
  systemCache: cache,
  messages: z
    .array(messageSchema)
    .min(1)
    .max(500)
    .describe('The messages so far, the oldest first, 1 to 500.'),
  maxOutputTokens: z
    .int()
    .min(1)
    .max(200_000)
    .default(4_096)
    .describe('Most tokens of the answer, with its reasoning; at most what the model can.'),
  tools: z
    .array(toolSchema)
    .max(MAX_TOOLS)
    .optional()
    .describe('Tools that the model may ask for, at most 128.'),
  toolChoice: z
    .union([z.enum(['auto', 'required', 'none']), z.strictObject({ name: toolName.describe('The tool.') })])
    .optional()
    .describe('Whether the model must ask for a tool, and for which one.'),
  outputSchema: jsonSchema.optional().describe('JSON schema that the text of the answer satisfies.'),
  reasoning: z
    .enum(['none', 'low', 'medium', 'high'])
    .optional()
    .describe(
      'How much the model reasons before it answers, `none` for the least that it can; left out: as the model does by itself.',
    ),
  temperature: z
    .number()
    .min(0)
    .max(2)
    .optional()
    .describe('How varied answers are, 0 to 2; not all models take it.'),
  stopSequences: z.array(text(200)).max(8).optional().describe('Texts at which the model stops, at most 8.'),
  stream: z
    .boolean()
    .default(false)
    .describe('Whether the answer comes as a stream of events while it is given.'),
});
export type CreateGeneration = z.output<typeof createGenerationSchema>;

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
