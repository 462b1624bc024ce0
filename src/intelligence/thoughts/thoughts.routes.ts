import { pageQuerySchema } from '../../kernel/core/index.ts';
import { created, defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { addThought, listThoughts } from './add-thought.ts';
import { thoughtErrors } from './thoughts.errors.ts';
import { presentThought } from './thoughts.present.ts';
import {
  addedThoughtExample,
  addedThoughtSchema,
  addThoughtExample,
  addThoughtSchema,
  chainParamsSchema,
  thoughtExample,
  thoughtPageSchema,
} from './thoughts.schemas.ts';

const tag = 'MCP';
const listPath = '/api/v1/ai/thoughts';

export const thoughtRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: listPath,
    operationId: 'addThought',
    tag,
    summary: 'Add a thought',
    description:
      'Writes down one step of thinking about a problem, for models that think in steps: each thought ' +
      'can build on earlier ones, reconsider one, or branch off. Begin without a chain, name the ' +
      'chain of the answer in the next thought, adjust the expected number on the way, and end with ' +
      '`nextThoughtNeeded` false. Only the user or API key that began a chain can see it, for a day.',
    access: { kind: 'permission', permission: 'ai:write' },
    limit: 'api',
    body: { schema: addThoughtSchema, example: addThoughtExample },
    idempotent: true,
    success: {
      201: {
        description: 'The state of the chain',
        schema: addedThoughtSchema,
        example: addedThoughtExample,
      },
    },
    errors: [
      thoughtErrors.chainNotFound,
      thoughtErrors.notInChain,
      thoughtErrors.chainFull,
      thoughtErrors.tooManyKept,
    ],
    handle: (ctx, { body }) => addThought(ctx, body),
    respond: (added) => created(added, `${listPath}/${added.chainId}`),
  }),
  defineRoute({
    method: 'get',
    path: `${listPath}/{chainId}`,
    operationId: 'listThoughts',
    tag,
    summary: 'List thoughts',
    description: 'Lists the thoughts of a chain of the caller, in the order in which they were added.',
    access: { kind: 'permission', permission: 'ai:read' },
    limit: 'api',
    params: chainParamsSchema,
    query: pageQuerySchema,
    success: {
      200: {
        description: 'A page of thoughts',
        schema: thoughtPageSchema,
        example: { data: [thoughtExample], nextCursor: null },
      },
    },
    errors: [thoughtErrors.chainNotFound],
    handle: (ctx, { params, query }) => listThoughts(ctx, params.chainId, query),
    respond: ({ data, nextCursor }) => ok({ data: data.map(presentThought), nextCursor }),
  }),
];
