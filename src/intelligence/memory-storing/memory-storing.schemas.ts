import { z } from '@hono/zod-openapi';
import { idSchema } from '../../kernel/core/index.ts';
import { roomIdSchema } from '../../rooms/rooms/index.ts';
import { agentIdSchema } from '../agents/index.ts';
import {
  contentSchema,
  expiresAtSchema,
  memoryIdSchema,
  memorySchema,
  passageFields,
  scopeSchema,
} from '../memory/index.ts';

const one = (kind: 'message' | 'file' | 'recording', description: string) =>
  z.strictObject({
    kind: z.literal(kind).describe(description),
    ids: z.array(idSchema(kind)).length(1, 'must name one').describe(`The ${kind}.`),
  });
const sourceInputSchema = z
  .discriminatedUnion('kind', [
    one('message', 'A chat message.'),
    one('file', 'A file.'),
    one('recording', 'A recording.'),
    z.strictObject({
      kind: z.literal('transcript').describe('A passage of a transcript of a call, a recording or a file.'),
      ids: z.array(idSchema('transcription')).length(1, 'must name one').describe('The transcription.'),
      passage: z
        .strictObject(passageFields)
        .refine(({ first, last }) => first <= last, 'must not end before it begins')
        .describe('The cited passage; a memory cites one passage of a transcript.'),
    }),
    z.strictObject({
      kind: z.literal('memory').describe('Other memories, from which these are derived.'),
      ids: z.array(memoryIdSchema).min(1).max(20).describe('The memories, 1 to 20.'),
    }),
  ])
  .describe(
    'The source of the memories, which the caller must be able to read. When it is deleted, they are ' +
      'forgotten. Without a source, the caller is the source.',
  );
export type SourceInput = z.output<typeof sourceInputSchema>;

export const storeMemoriesSchema = z
  .strictObject({
    scope: scopeSchema,
    agentId: agentIdSchema.optional().describe('The agent; for the scope `agent` only.'),
    roomId: roomIdSchema.optional().describe('The room; for the scope `room` only.'),
    source: sourceInputSchema.optional(),
    memories: z
      .array(z.strictObject({ content: contentSchema, expiresAt: expiresAtSchema.optional() }))
      .min(1)
      .max(50)
      .describe('The texts to remember, 1 to 50.'),
  })
  .refine(({ scope, agentId }) => (scope === 'agent') === (agentId !== undefined), {
    path: ['agentId'],
    message: 'is required for the scope `agent`, and not allowed for others',
  })
  .refine(({ scope, roomId }) => (scope === 'room') === (roomId !== undefined), {
    path: ['roomId'],
    message: 'is required for the scope `room`, and not allowed for others',
  });
export type StoreMemories = z.output<typeof storeMemoriesSchema>;

export const storedMemoriesSchema = z
  .object({
    data: z
      .array(memorySchema)
      .describe('A memory for each text, in order; one that existed before gets a further source.'),
  })
  .openapi('StoredMemories');
