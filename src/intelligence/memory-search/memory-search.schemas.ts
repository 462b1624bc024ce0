import { z } from '@hono/zod-openapi';
import { linesSchema } from '../../kernel/core/index.ts';
import { roomIdSchema } from '../../rooms/rooms/index.ts';
import { agentIdSchema } from '../agents/index.ts';
import { memoryExample, memorySchema } from '../memory/index.ts';
import { MEMORY_SCOPES } from '../memory-scopes/index.ts';

const SEARCHED_BY = ['text', 'meaning'] as const;
export type SearchedBy = (typeof SEARCHED_BY)[number];

export const recallMemoriesSchema = z.strictObject({
  query: linesSchema(2_000).describe('The text to search for, 1 to 2,000 characters, in any language.'),
  scopes: z
    .array(z.enum(MEMORY_SCOPES))
    .min(1)
    .max(MEMORY_SCOPES.length)
    .default([...MEMORY_SCOPES])
    .describe('Only memories of these scopes.'),
  agentId: agentIdSchema.optional().describe('For the scope `agent`: only memories of this agent.'),
  roomId: roomIdSchema.optional().describe('For the scope `room`: only memories of this room.'),
  limit: z.int().min(1).max(50).default(10).describe('Most memories, 1 to 50.'),
  minSimilarity: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe(
      'Only memories with at least this similarity of meaning, 0 to 1. It excludes memories that were ' +
        'found by words alone.',
    ),
});
export type RecallMemories = z.output<typeof recallMemoriesSchema>;

export const recallSchema = z
  .object({
    data: z
      .array(
        z.object({
          memory: memorySchema.describe('The memory.'),
          passage: z.string().describe('The part of the memory that matches.'),
          score: z
            .number()
            .describe('Its rank: the sum of 1 / (60 + rank) over the ways of searching that found it.'),
          similarity: z
            .number()
            .nullable()
            .describe('Similarity of its meaning, up to 1; null when it was found by words alone.'),
        }),
      )
      .describe('The memories, the best first.'),
    searchedBy: z
      .array(z.enum(SEARCHED_BY))
      .describe(
        '`text`: by words; `meaning`: also by meaning, when an embedding model is configured and ' +
          'answered.',
      ),
  })
  .openapi('MemoryRecall');

export const recallExample = {
  data: [{ memory: memoryExample, passage: memoryExample.content, score: 0.0328, similarity: 0.91 }],
  searchedBy: ['text' as const, 'meaning' as const],
};
