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
    description: text(10_000).describe('What it does, for the model.'),
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
      'How the model is chosen where none is named. `preferred`: the default of the person, then of the organization; `cheapest`: the one ' +
        'whose answer costs least at most; `fastest`: the one whose first output came soonest in recent answers of the organization. ' +
        'The others follow, for when one does nothing.',
    ),
  fallbackModels: z
    .array(z.string().min(1).max(200))
    .max(5)
    .optional()
    .openapi({
      example: ['claude-haiku-4-5'],
      description:
        'Models that are asked in this order, at most 5, when the ones before do nothing; each must be able to do what is asked. With `model` only.',
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
  temperature: temperatureSchema
    .optional()
    .describe('How varied answers are, 0 to 2; not all models take it.'),
  stopSequences: z.array(text(200)).max(8).optional().describe('Texts at which the model stops, at most 8.'),
  stream: z
    .boolean()
    .default(false)
    .describe('Whether the answer comes as a stream of events while it is given.'),
  reuse: z
    .boolean()
    .optional()
    .describe(
      'Whether an answer that exactly this request had in the organization is given again, and this one is kept, encrypted, for that. Left out: ' +
        'as the preferences of the organization say, for requests without tools and with `temperature` 0.',
    ),
};

export const createGenerationSchema = z
  .strictObject(requestFields)
  .refine(({ model, policy }) => (model === undefined) !== (policy === undefined), {
    path: ['model'],
    message: 'must be there, or `policy` instead of it',
  })
  .refine(({ policy, fallbackModels }) => policy === undefined || fallbackModels === undefined, {
    path: ['fallbackModels'],
    message: 'cannot be there with `policy`, which orders all models',
  });
export type CreateGeneration = z.output<typeof createGenerationSchema>;
