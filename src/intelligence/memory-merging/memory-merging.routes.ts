import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import {
  memoryErrors,
  memoryExample,
  memoryParamsSchema,
  memorySchema,
  presentMemory,
} from '../memory/index.ts';
import { mergeMemorySchema } from './memory-merging.schemas.ts';
import { mergeMemory, unmergeMemory } from './merge-memories.ts';

const common = {
  path: '/api/v1/ai/memories/{memoryId}/merge',
  tag: 'Memory',
  access: { kind: 'permission', permission: 'memories:write' },
  limit: 'memory',
  params: memoryParamsSchema,
  concurrency: true,
} as const;

export const memoryMergingRoutes: readonly Route[] = [
  defineRoute({
    ...common,
    method: 'put',
    operationId: 'mergeMemory',
    summary: 'Merge a memory',
    description:
      'Merges a memory into another one of the same person, room or organization that says the same: ' +
      'only that one is found then, with the sources of both. The caller must be able to correct ' +
      'both. A memory cannot be merged if it is merged already, has others merged into it, was ' +
      'derived, or is forgotten at another time than the other. At most 100 can be merged into one.',
    body: { schema: mergeMemorySchema, example: { into: memoryExample.id } },
    success: {
      200: {
        description: 'The merged memory',
        schema: memorySchema,
        example: { ...memoryExample, mergedInto: memoryExample.id },
      },
    },
    errors: [memoryErrors.notFound, memoryErrors.notMergeable, memoryErrors.switchedOff],
    roundTrips: { max: 3, reason: 'both memories are read as the caller may read them' },
    handle: (ctx, { params, body, ifMatch }) => mergeMemory(ctx, params.memoryId, body, ifMatch),
    respond: (merged) => ok(presentMemory(merged), merged.memory.version),
  }),
  defineRoute({
    ...common,
    method: 'delete',
    operationId: 'unmergeMemory',
    summary: 'Undo a memory merge',
    description:
      'Separates a merged memory from the one that it was merged into. It is found by itself again, ' +
      'and is merged again only when somebody asks for it. What was derived only from it is ' +
      'forgotten.',
    success: { 200: { description: 'The memory', schema: memorySchema, example: memoryExample } },
    errors: [memoryErrors.notFound, memoryErrors.notMerged],
    handle: (ctx, { params, ifMatch }) => unmergeMemory(ctx, params.memoryId, ifMatch),
    respond: (found) => ok(presentMemory(found), found.memory.version),
  }),
];
