import { z } from '@hono/zod-openapi';
import { ROUTE_POLICIES } from './generation-requests.enums.ts';
import { cache, messageSchema, text, toolName } from './messages.schemas.ts';

const MAX_TOOLS = 128;

const jsonSchema = z
  .record(z.string(), z.unknown())
  .describe('A JSON schema, passed to the provider as it is.');

const toolSchema = z
  .strictObject({
    name: toolName.describe('Its name.'),
    description: text(10_000).describe('Its purpose, for the model.'),
    inputSchema: jsonSchema.describe('JSON schema of its input, an object.'),
  })
  .openapi('AiTool');

export const temperatureSchema = z.number().min(0).max(2);

const requestFields = {
  model: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .openapi({ example: 'claude-sonnet-5', description: 'A model of the catalogue; or name a `policy`.' }),
  policy: z
    .enum(ROUTE_POLICIES)
    .optional()
    .describe(
      'How the model is chosen when none is named. `preferred`: the default of the person, else of ' +
        'the organization. `cheapest`: the one whose answer has the lowest maximum cost. `fastest`: the ' +
        'one with the fastest first output in recent answers of the organization. The other models follow, in ' +
        'case a model fails.',
    ),
  fallbackModels: z
    .array(z.string().min(1).max(200))
    .max(5)
    .optional()
    .openapi({
      example: ['claude-haiku-4-5'],
      description:
        'Models that are asked in this order, at most 5, when the ones before fail; each must support ' +
        'what the request needs. With `model` only.',
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
    .describe('Most tokens of the answer, with its reasoning; at most the maximum of the model.'),
  tools: z
    .array(toolSchema)
    .max(MAX_TOOLS)
    .optional()
    .describe('Tools that the model may call, at most 128.'),
  toolChoice: z
    .union([z.enum(['auto', 'required', 'none']), z.strictObject({ name: toolName.describe('The tool.') })])
    .optional()
    .describe('Whether the model must call a tool, and which one.'),
  outputSchema: jsonSchema.optional().describe('JSON schema that the text of the answer must satisfy.'),
  reasoning: z
    .enum(['none', 'low', 'medium', 'high'])
    .optional()
    .describe(
      'How much the model reasons before it answers, `none` for as little as possible. Default: as ' +
        'the model decides.',
    ),
  temperature: temperatureSchema
    .optional()
    .describe('How varied answers are, 0 to 2; not all models support it.'),
  stopSequences: z.array(text(200)).max(8).optional().describe('Texts at which the model stops, at most 8.'),
  hedgeAfterSeconds: z
    .int()
    .min(1)
    .max(30)
    .nullable()
    .optional()
    .describe(
      'Seconds without output, 1 to 30, after which the next model is asked in addition; the first ' +
        'output counts, and both are charged. Null: never. Default: the preferences of the organization.',
    ),
  stream: z
    .boolean()
    .default(false)
    .describe('Whether the answer comes as a stream of events while it is given.'),
  reuse: z
    .boolean()
    .optional()
    .describe(
      'Whether an earlier answer of the organization to exactly this request is reused, and this ' +
        'answer is kept for that, encrypted. Default: the preferences of the organization decide, for ' +
        'requests without tools and with `temperature` 0.',
    ),
};

const {
  model,
  policy: _policy,
  fallbackModels: _fallbacks,
  hedgeAfterSeconds: _hedge,
  stream: _stream,
  reuse: _reuse,
  ...batchedFields
} = requestFields;
/** A request of a batch: it names its model, and its answer is neither streamed nor reused. */
export const batchedRequestSchema = z
  .strictObject({
    model: model.unwrap().openapi({ description: 'A model of the catalogue.' }),
    ...batchedFields,
  })
  .openapi('BatchedGeneration');

export const createGenerationSchema = z
  .strictObject(requestFields)
  .refine(({ model, policy }) => (model === undefined) !== (policy === undefined), {
    path: ['model'],
    message: 'must be there, unless `policy` is',
  })
  .refine(({ policy, fallbackModels }) => policy === undefined || fallbackModels === undefined, {
    path: ['fallbackModels'],
    message: 'cannot be there with `policy`, which orders all models',
  });
export type CreateGeneration = z.output<typeof createGenerationSchema>;
