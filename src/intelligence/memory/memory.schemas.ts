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
    'The people for whom it is. `person`: the current user alone; not even administrators can read ' +
      'it. `agent`: those who may see the agent. `room`: those who may see the room. `organization`: ' +
      'all members with `memories:read`.',
  );
export const contentSchema = linesSchema(MAX_CONTENT).describe(
  `The text to remember, 1 to ${MAX_CONTENT} characters.`,
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
    .describe(
      'Only memories that were merged into this one; without it, only memories that were not merged.',
    ),
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
    callId: idSchema('call').nullable().describe('The call in which it was said; null for a file.'),
    startSeconds: z.number().min(0).describe('Where it begins, in seconds from the start.'),
    endSeconds: z.number().min(0).describe('Where it ends, in seconds from the start.'),
    correctedAt: z.iso
      .datetime()
      .nullable()
      .describe(
        'When it was last corrected since it was cited. What was derived from it may no longer be true.',
      ),
  })
  .openapi('MemoryPassage');

const sourceSchema = z.object({
  kind: z.enum(MEMORY_SOURCES).describe('`manual`: somebody wrote it; otherwise the kind of its source.'),
  id: z.string().describe('Id of the source; for `manual`, the user or API key that wrote it.'),
  citedAt: z.iso.datetime().describe('When it was stored from this source.'),
  passage: z
    .union([passageSchema, z.null()])
    .openapi({ description: 'For a transcript, the cited passage; null for other sources.' }),
});

export const memorySchema = z
  .object({
    id: memoryIdSchema.describe('Id of the memory.'),
    scope: scopeSchema,
    agentId: agentIdSchema.nullable().describe('The agent; null for other scopes.'),
    roomId: roomIdSchema.nullable().describe('The room; null for other scopes.'),
    content: z.string().describe('The text.'),
    sources: z.array(sourceSchema).describe('Its sources, the earliest first.'),
    author: z.string().describe('The user or API key that stored it first.'),
    mergedInto: memoryIdSchema
      .nullable()
      .describe('The memory into which it was merged, and which is found in its place.'),
    mergedFrom: z
      .array(memoryIdSchema)
      .describe('The memories that were merged into it; `sources` includes theirs.'),
    derivedFrom: z
      .array(memoryIdSchema)
      .describe('The memories from which it was derived; it is forgotten as soon as one of them is.'),
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
