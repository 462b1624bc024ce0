import { z } from '@hono/zod-openapi';
import {
  exampleId,
  idSchema,
  linesSchema,
  momentSchema,
  pageQuerySchema,
  pageSchema,
} from '../../kernel/core/index.ts';
import { roomIdSchema } from '../../rooms/rooms/index.ts';
import { MEMORY_SCOPES, MEMORY_SOURCES } from './memory.enums.ts';

export const MAX_CONTENT = 8_000;

export const memoryIdSchema = idSchema('memory');
export const memoryParamsSchema = z.strictObject({ memoryId: memoryIdSchema.describe('The memory.') });

export const scopeSchema = z
  .enum(MEMORY_SCOPES)
  .describe(
    'Whose it is: `person` of the current user alone, not even administrators read it; `room` of those to whom the room shows; ' +
      '`organization` of all members with `memories:read`.',
  );
const content = linesSchema(MAX_CONTENT).describe(
  `What is to be remembered, 1 to ${MAX_CONTENT} characters.`,
);
const expiresAt = momentSchema
  .nullable()
  .describe('When it is forgotten, with all that was derived from it; null for never.')
  .openapi({ example: '2027-01-05T09:30:00.000Z' });

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
      kind: z.literal('memory').describe('Other memories, from which these were derived.'),
      ids: z.array(memoryIdSchema).min(1).max(20).describe('The memories, 1 to 20.'),
    }),
  ])
  .describe(
    'What they come from, which the caller must be able to read. When it is deleted they are forgotten. Without a source the caller ' +
      'says them.',
  );
export type SourceInput = z.output<typeof sourceInputSchema>;

export const storeMemoriesSchema = z
  .strictObject({
    scope: scopeSchema,
    roomId: roomIdSchema.optional().describe('The room; for the scope `room` only.'),
    source: sourceInputSchema.optional(),
    memories: z
      .array(z.strictObject({ content, expiresAt: expiresAt.optional() }))
      .min(1)
      .max(50)
      .describe('What is to be remembered, 1 to 50 texts.'),
  })
  .refine(({ scope, roomId }) => (scope === 'room') === (roomId !== undefined), {
    path: ['roomId'],
    message: 'must be there for the scope `room`, and for no other',
  });
export type StoreMemories = z.output<typeof storeMemoriesSchema>;

export const updateMemorySchema = z
  .strictObject({ content: content.optional(), expiresAt: expiresAt.optional() })
  .refine((body) => Object.keys(body).length > 0, 'must change something');
export type UpdateMemory = z.output<typeof updateMemorySchema>;

export const listMemoriesSchema = pageQuerySchema.extend({
  scope: z.enum(MEMORY_SCOPES).optional().describe('Only memories of this scope.'),
  roomId: roomIdSchema.optional().describe('Only memories of this room.'),
  mergedInto: memoryIdSchema
    .optional()
    .describe('The memories that were merged into this one, in place of those that were not.'),
});
export type ListMemories = z.output<typeof listMemoriesSchema>;

const sourceSchema = z.object({
  kind: z.enum(MEMORY_SOURCES).describe('`manual` when somebody said it, otherwise what it comes from.'),
  id: z.string().describe('Id of the source; of `manual` the user or API key that said it.'),
  citedAt: z.iso.datetime().describe('When it was stored from there.'),
});

export const memorySchema = z
  .object({
    id: memoryIdSchema.describe('Id of the memory.'),
    scope: scopeSchema,
    roomId: roomIdSchema.nullable().describe('The room; null for other scopes.'),
    content: z.string().describe('What is remembered.'),
    sources: z.array(sourceSchema).describe('What it comes from, the first first.'),
    author: z.string().describe('The user or API key that stored it first.'),
    mergedInto: memoryIdSchema
      .nullable()
      .describe('The memory that says the same and is found in its place.'),
    mergedFrom: z
      .array(memoryIdSchema)
      .describe('The memories that were merged into it; `sources` has theirs, too.'),
    derivedFrom: z
      .array(memoryIdSchema)
      .describe('The memories that it was derived from; it is forgotten with the first of them.'),
    expiresAt: expiresAt.describe('When it is forgotten; null for never.'),
    createdAt: z.iso.datetime().describe('When it was stored.'),
    updatedAt: z.iso.datetime().describe('When it was last changed.'),
  })
  .openapi('Memory');
export type MemoryView = z.output<typeof memorySchema>;

export const memoryPageSchema = pageSchema(memorySchema).openapi('MemoryPage');
export const storedMemoriesSchema = z
  .object({
    data: z
      .array(memorySchema)
      .describe('A memory for each text, in their order; one that was there before has a further source.'),
  })
  .openapi('StoredMemories');

export const memoryExample: MemoryView = {
  id: exampleId('memory'),
  scope: 'organization',
  roomId: null,
  content: 'The weekly review is on Monday at nine.',
  sources: [{ kind: 'manual', id: exampleId('user'), citedAt: '2026-01-05T09:30:00.000Z' }],
  author: exampleId('user'),
  mergedInto: null,
  mergedFrom: [],
  derivedFrom: [],
  expiresAt: null,
  createdAt: '2026-01-05T09:30:00.000Z',
  updatedAt: '2026-01-05T09:30:00.000Z',
};
