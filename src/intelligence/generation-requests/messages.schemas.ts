import { z } from '@hono/zod-openapi';

const MAX_TEXT = 2_000_000;
const IMAGE_TYPES = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'] as const;

export const text = (max = MAX_TEXT) => z.string().min(1).max(max);
export const cache = z
  .enum(['5m', '1h'])
  .optional()
  .describe(
    'Keeps the input up to here in a cache of the provider for five minutes or an hour, if it supports ' +
      'that.',
  );
export const toolName = z.string().regex(/^[\w-]{1,64}$/, 'must be 1 to 64 letters, digits, _ or -');
/** Named, so that generated clients name it once. */
const toolInputSchema = z
  .record(z.string(), z.unknown())
  .describe('Input of the tool.')
  .openapi('AiToolInput');

const parts = [
  z.strictObject({ type: z.literal('text').describe('Text.'), text: text().describe('The text.'), cache }),
  z.strictObject({
    type: z.literal('image').describe('An image.'),
    mediaType: z.enum(IMAGE_TYPES).describe('Type of the image.'),
    data: z.base64().max(8_000_000).describe('The image in base64.'),
    cache,
  }),
  z.strictObject({
    type: z.literal('thinking').describe('Reasoning that came before an answer.'),
    text: z.string().max(MAX_TEXT).describe('Reasoning of an earlier answer.'),
    signature: text(100_000).describe('Its signature, unchanged.'),
  }),
  z.strictObject({
    type: z.literal('tool_call').describe('A call of a tool by the model.'),
    id: text(200).describe('Id of the call.'),
    name: toolName.describe('The tool.'),
    input: toolInputSchema,
  }),
  z.strictObject({
    type: z.literal('tool_result').describe('The result of a tool call.'),
    toolCallId: text(200).describe('Id of the call.'),
    text: z.string().max(MAX_TEXT).describe('What the tool returned.'),
    isError: z.boolean().optional().describe('Whether the tool failed.'),
  }),
] as const;
export const partSchema = z.discriminatedUnion('type', [...parts]).openapi('AiMessagePart');

export const messageSchema = z
  .strictObject({
    role: z.enum(['user', 'assistant']).describe('The author of the message.'),
    content: z.array(partSchema).min(1).max(100).describe('Its parts, 1 to 100.'),
  })
  .openapi('AiMessage');
