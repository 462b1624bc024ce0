import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { presentMemory } from '../memory/index.ts';
import { recallExample, recallMemoriesSchema, recallSchema } from './memory-search.schemas.ts';
import { recallMemories } from './recall-memories.ts';

export const memorySearchRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: '/api/v1/ai/memories/recall',
    operationId: 'recallMemories',
    tag: 'Memory',
    summary: 'Recall memories',
    description:
      'Finds the memories closest to a text, by words and by meaning. It searches the memories of the caller while ' +
      'their memory is switched on, of rooms that the caller may see, and of ' +
      'the organization. When no embedding model is configured, or it does not answer, the ' +
      'search is by words alone, and `searchedBy` says so.',
    access: { kind: 'permission', permission: 'memories:read' },
    limit: 'memory',
    body: { schema: recallMemoriesSchema, example: { query: 'When do we meet each week?' } },
    success: { 200: { description: 'What was found', schema: recallSchema, example: recallExample } },
    handle: (ctx, { body }) => recallMemories(ctx, body),
    respond: ({ found, searchedBy }) =>
      ok({
        data: found.map(({ found: memory, ...ranking }) => ({ memory: presentMemory(memory), ...ranking })),
        searchedBy,
      }),
  }),
];
