import { entitlementErrors } from '../../identity/entitlements/index.ts';
import { created, defineRoute, noContent, ok, type Route } from '../../platform/http/index.ts';
import { agentErrors, agentParamsSchema } from '../agents/index.ts';
import { conversationErrors } from './agent-conversations.errors.ts';
import { conversationExample } from './agent-conversations.examples.ts';
import { presentConversation } from './agent-conversations.present.ts';
import {
  conversationPageSchema,
  conversationParamsSchema,
  conversationSchema,
  createConversationSchema,
  listConversationsSchema,
  updateConversationSchema,
} from './agent-conversations.schemas.ts';
import {
  createConversation,
  deleteConversation,
  getConversation,
  listConversations,
  updateConversation,
} from './manage-conversations.ts';

const tag = 'Agents';
const listPath = '/api/v1/ai/conversations';
const path = `${listPath}/{conversationId}`;
const readAccess = { kind: 'permission', permission: 'agents:read' } as const;
const success = (description: string) => ({
  description,
  schema: conversationSchema,
  example: conversationExample,
});

export const conversationRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: '/api/v1/ai/agents/{agentId}/conversations',
    operationId: 'createAgentConversation',
    tag,
    summary: 'Create a conversation',
    description:
      'Creates a conversation with an agent. It is private to the caller, also from administrators, ' +
      'until they share it. Sending messages needs `ai:write` and `agents:read`.',
    access: { kind: 'permission', permission: 'ai:write' },
    limit: 'api',
    params: agentParamsSchema,
    body: { schema: createConversationSchema, example: { title: 'The weekly review' } },
    idempotent: true,
    success: { 201: success('The conversation') },
    errors: [
      agentErrors.notFound,
      agentErrors.switchedOff,
      conversationErrors.tooMany,
      entitlementErrors.featureNotIncluded,
    ],
    handle: (ctx, { params, body }) => createConversation(ctx, params.agentId, body),
    respond: (row) => created(presentConversation(row), `${listPath}/${row.id}`, row.version),
  }),
  defineRoute({
    method: 'get',
    path: listPath,
    operationId: 'listAgentConversations',
    tag,
    summary: 'List conversations',
    description: "Lists the caller's own conversations with agents, the newest first.",
    access: readAccess,
    limit: 'api',
    query: listConversationsSchema,
    success: {
      200: {
        description: 'A page of conversations',
        schema: conversationPageSchema,
        example: { data: [conversationExample], nextCursor: null },
      },
    },
    handle: (ctx, { query }) => listConversations(ctx, query),
    respond: ({ data, nextCursor }) => ok({ data: data.map(presentConversation), nextCursor }),
  }),
  defineRoute({
    method: 'get',
    path,
    operationId: 'getAgentConversation',
    tag,
    summary: 'Get a conversation',
    description: 'Returns a conversation of the caller, or one that its owner has shared.',
    access: readAccess,
    limit: 'api',
    params: conversationParamsSchema,
    success: { 200: success('The conversation') },
    errors: [conversationErrors.notFound],
    handle: (ctx, { params }) => getConversation(ctx, params.conversationId),
    respond: (row) => ok(presentConversation(row), row.version),
  }),
  defineRoute({
    method: 'patch',
    path,
    operationId: 'updateAgentConversation',
    tag,
    summary: 'Update a conversation',
    description:
      'Changes the title of a conversation of the caller, or shares it. While it is shared, everybody ' +
      'with `agents:read` can read it.',
    access: readAccess,
    limit: 'api',
    params: conversationParamsSchema,
    body: { schema: updateConversationSchema, example: { shared: true } },
    concurrency: true,
    success: { 200: success('The updated conversation') },
    errors: [conversationErrors.notFound],
    handle: (ctx, { params, body, ifMatch }) => updateConversation(ctx, params.conversationId, body, ifMatch),
    respond: (row) => ok(presentConversation(row), row.version),
  }),
  defineRoute({
    method: 'delete',
    path,
    operationId: 'deleteAgentConversation',
    tag,
    summary: 'Delete a conversation',
    description:
      'Deletes a conversation of the caller for good, with all its messages. An answer that is being ' +
      'given ends.',
    access: readAccess,
    limit: 'api',
    params: conversationParamsSchema,
    concurrency: true,
    success: { 204: { description: 'The conversation is deleted' } },
    errors: [conversationErrors.notFound],
    handle: (ctx, { params, ifMatch }) => deleteConversation(ctx, params.conversationId, ifMatch),
    respond: noContent,
  }),
];
