import { defineRoute, noContent, ok, type Route } from '../../platform/http/index.ts';
import { deleteMemory, updateMemory } from './change-memory.ts';
import { memoryErrors } from './memory.errors.ts';
import { presentMemory } from './memory.present.ts';
import {
  listMemoriesSchema,
  memoryExample,
  memoryPageSchema,
  memoryParamsSchema,
  memorySchema,
  updateMemorySchema,
} from './memory.schemas.ts';
import { getMemory, listMemories } from './read-memories.ts';

declare module '../../kernel/core/permissions.ts' {
  interface PermissionActions {
    /** `manage`: memories that everybody in the organization reads. */
    memories: 'read' | 'write' | 'manage';
  }
}

const tag = 'Memory';
const listPath = '/api/v1/ai/memories';
const path = `${listPath}/{memoryId}`;
const readAccess = { kind: 'permission', permission: 'memories:read' } as const;
const writeAccess = { kind: 'permission', permission: 'memories:write' } as const;
const success = (description: string) => ({ description, schema: memorySchema, example: memoryExample });

export const memoryRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: listPath,
    operationId: 'listMemories',
    tag,
    summary: 'List memories',
    description:
      'Returns the memories that the caller may see, the newest first: their own, those of the agents ' +
      'and rooms that they may see, and those of the organization.',
    access: readAccess,
    limit: 'api',
    query: listMemoriesSchema,
    success: {
      200: {
        description: 'A page of memories',
        schema: memoryPageSchema,
        example: { data: [memoryExample], nextCursor: null },
      },
    },
    handle: (ctx, { query }) => listMemories(ctx, query),
    respond: ({ data, nextCursor }) => ok({ data: data.map(presentMemory), nextCursor }),
  }),
  defineRoute({
    method: 'get',
    path,
    operationId: 'getMemory',
    tag,
    summary: 'Get a memory',
    description: 'Returns a memory that shows to the caller, with its sources.',
    access: readAccess,
    limit: 'api',
    params: memoryParamsSchema,
    success: { 200: success('The memory') },
    errors: [memoryErrors.notFound],
    handle: (ctx, { params }) => getMemory(ctx, params.memoryId),
    respond: (found) => ok(presentMemory(found), found.memory.version),
  }),
  defineRoute({
    method: 'patch',
    path,
    operationId: 'updateMemory',
    tag,
    summary: 'Correct a memory',
    description:
      'Changes the text or the expiry of a memory. The earlier text is kept. The author of a memory of a ' +
      'room or an agent can change it; people who may change the agent can change all of its memories. People ' +
      'with `memories:manage` can change all memories that are not of one user alone. Memories that were ' +
      'derived from it are not changed. A memory of the current user alone can be corrected ' +
      'only while their memory is switched on; its expiry can always be changed.',
    access: writeAccess,
    limit: 'memory',
    params: memoryParamsSchema,
    body: {
      schema: updateMemorySchema,
      example: { content: 'The weekly review is on Tuesday at nine.' },
    },
    concurrency: true,
    success: { 200: success('The corrected memory') },
    errors: [memoryErrors.notFound, memoryErrors.exists, memoryErrors.expiryInPast, memoryErrors.switchedOff],
    handle: (ctx, { params, body, ifMatch }) => updateMemory(ctx, params.memoryId, body, ifMatch),
    respond: (changed) => ok(presentMemory(changed), changed.memory.version),
  }),
  defineRoute({
    method: 'delete',
    path,
    operationId: 'deleteMemory',
    tag,
    summary: 'Delete a memory',
    description:
      'Deletes a memory for good, with its earlier versions, the memories merged into it, and all ' +
      'that was derived from it. Those who may correct it may delete it.',
    access: writeAccess,
    limit: 'api',
    params: memoryParamsSchema,
    concurrency: true,
    success: { 204: { description: 'The memory was deleted' } },
    errors: [memoryErrors.notFound],
    handle: (ctx, { params, ifMatch }) => deleteMemory(ctx, params.memoryId, ifMatch),
    respond: noContent,
  }),
];
