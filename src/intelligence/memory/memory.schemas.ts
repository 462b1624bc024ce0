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
import { agentIdSchema } from '../agents/index.ts';
import { MEMORY_SCOPES } from '../memory-scopes/index.ts';
import { MEMORY_SOURCES } from './memory.enums.ts';

export const MAX_CONTENT = 8_000;

export const memoryIdSchema = idSchema('memory');
export const memoryParamsSchema = z.strictObject({ memoryId: memoryIdSchema.describe('The memory.') });

export const scopeSchema = z
  .enum(MEMORY_SCOPES)
  .describe(
    'Whose it is: `person` of the current user alone, not even administrators read it; `agent` of an agent, for those to whom it shows; ' +
      '`room` of those to whom the room shows; ' +
      '`organization` of all members with `memories:read`.',
  );
export const contentSchema = linesSchema(MAX_CONTENT).describe(
  `What is to be remembered, 1 to ${MAX_CONTENT} characters.`,
);
export const expiresAtSchema = momentSchema
  .nullable()
  .describe('When it is forgotten, with all that was derived from it; null for never.')
  .openapi({ example: '2027-01-05T09:30:00.000Z' });

export const updateMemorySchema = z
  .strictObject({ content: contentSchema.optional(), expiresAt: expiresAtSchema.optional() })
  .refine((body) => Object.keys(body).length > 0, 'must change something');
export type UpdateMemory = z.output<typeof updateMemorySchema>;

export const listMemoriesSchema = pageQuerySchema.extend({
  scope: z.enum(MEMORY_SCOPES).optional().describe('Only memories of this scope.'),
  agentId: agentIdSchema.optional().describe('Only memories of this agent.'),
  roomId: roomIdSchema.optional().describe('Only memories of this room.'),
  mergedInto: memoryIdSchema
    .optional()
    .describe('The memories that were merged into this one, in place of those that were not.'),
});
export type ListMemories = z.output<typeof listMemoriesSchema>;

const positionSchema = z.int().min(0);
export const passageFields = {
  first: positionSchema.describe('Position of its first segment.'),
  last: positionSchema.describe('Position of its last segment.'),
};
const passageSchema = z
  .object({
    ...passageFields,
    callId: idSchema('call').nullable().describe('The call in which it was said; null of a file.'),
    startMs: z.int().describe('When it begins, in milliseconds.'),
    endMs: z.int().describe('When it ends, in milliseconds.'),
    correctedAt: z.iso
      .datetime()
      .nullable()
      .describe(
        'When it was last corrected since it was cited: what was derived from it may no longer hold.',
      ),
  })
  .openapi('MemoryPassage');

const sourceSchema = z.object({
  kind: z.enum(MEMORY_SOURCES).describe('`manual` when somebody said it, otherwise what it comes from.'),
  id: z.string().describe('Id of the source; of `manual` the user or API key that said it.'),
  citedAt: z.iso.datetime().describe('When it was stored from there.'),
  passage: z
    .union([passageSchema, z.null()])
    .openapi({ description: 'Of a transcript, what was cited; null of other sources.' }),
});

export const memorySchema = z
  .object({
    id: memoryIdSchema.describe('Id of the memory.'),
    scope: scopeSchema,
    agentId: agentIdSchema.nullable().describe('The agent; null for other scopes.'),
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
    expiresAt: expiresAtSchema.describe('When it is forgotten; null for never.'),
    createdAt: z.iso.datetime().describe('When it was stored.'),
    updatedAt: z.iso.datetime().describe('When it was last changed.'),
  })
  .openapi('Memory');
export type MemoryView = z.output<typeof memorySchema>;

export const memoryPageSchema = pageSchema(memorySchema).openapi('MemoryPage');
export const memoryExample: MemoryView = {
  id: exampleId('memory'),
  scope: 'organization',
  agentId: null,
  roomId: null,
  content: 'The weekly review is on Monday at nine.',
  sources: [{ kind: 'manual', id: exampleId('user'), citedAt: '2026-01-05T09:30:00.000Z', passage: null }],
  author: exampleId('user'),
  mergedInto: null,
  mergedFrom: [],
  derivedFrom: [],
  expiresAt: null,
  createdAt: '2026-01-05T09:30:00.000Z',
  updatedAt: '2026-01-05T09:30:00.000Z',
};
