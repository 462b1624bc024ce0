import { entitlementErrors } from '../../identity/entitlements/index.ts';
import type { ModuleManifest } from '../../kernel/modules/index.ts';
import { pageQuerySchema } from '../../kernel/core/index.ts';
import { created, defineRoute, noContent, ok, type Route } from '../../platform/http/index.ts';
import { foldTools, type Tool } from '../../platform/tools/index.ts';
import { speechErrors } from '../speech-usage/index.ts';
import { agentErrors } from './agents.errors.ts';
import { agentExample, createAgentExample } from './agents.examples.ts';
import { presentAgent } from './agents.present.ts';
import {
  agentPageSchema,
  agentParamsSchema,
  agentSchema,
  createAgentSchema,
  updateAgentSchema,
} from './agents.schemas.ts';
import { createAgent, deleteAgent, updateAgent } from './change-agents.ts';
import { getAgent, listAgents } from './read-agents.ts';
import { agentVersionRoutes } from './versions.routes.ts';

declare module '../../kernel/core/permissions.ts' {
  interface PermissionActions {
    /** `manage`: also agents of other authors. */
    agents: 'read' | 'write' | 'manage';
  }
}

const tag = 'Agents';
const listPath = '/api/v1/ai/agents';
const path = `${listPath}/{agentId}`;
const readAccess = { kind: 'permission', permission: 'agents:read' } as const;
const writeAccess = { kind: 'permission', permission: 'agents:write' } as const;
const success = (description: string) => ({ description, schema: agentSchema, example: agentExample });

/** @param modules of the whole product, which declare the tools that a version may name */
export function agentRoutes(modules: () => readonly ModuleManifest[]): readonly Route[] {
  let folded: readonly Tool[] | undefined;
  const tools = () => (folded ??= foldTools(modules()));
  return [createRoute(tools), ...otherRoutes, ...agentVersionRoutes(tools)];
}

const createRoute = (tools: () => readonly Tool[]): Route =>
  defineRoute({
    method: 'post',
    path: listPath,
    operationId: 'createAgent',
    tag,
    summary: 'Create an agent',
    description:
      'Creates an agent with its first version, which is published at once. Its author and those with ' +
      '`agents:manage` can change it. The plan must include the feature `agents`. A voice needs ' +
      '`ai:read`, and the speech service must be available.',
    access: writeAccess,
    limit: 'api',
    body: { schema: createAgentSchema, example: createAgentExample },
    bodyLimitBytes: 128 * 1024,
    idempotent: true,
    success: { 201: success('The agent') },
    errors: [
      agentErrors.tooMany,
      entitlementErrors.featureNotIncluded,
      speechErrors.degraded,
      speechErrors.busy,
    ],
    handle: (ctx, { body }) => createAgent(ctx, body, tools()),
    respond: (row) => created(presentAgent(row), `${listPath}/${row.id}`, row.version),
  });

const otherRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: listPath,
    operationId: 'listAgents',
    tag,
    summary: 'List agents',
    description: 'Lists the agents that the caller may talk to or change, the newest first.',
    access: readAccess,
    limit: 'api',
    query: pageQuerySchema,
    success: {
      200: {
        description: 'A page of agents',
        schema: agentPageSchema,
        example: { data: [agentExample], nextCursor: null },
      },
    },
    handle: (ctx, { query }) => listAgents(ctx, query),
    respond: ({ data, nextCursor }) => ok({ data: data.map(presentAgent), nextCursor }),
  }),
  defineRoute({
    method: 'get',
    path,
    operationId: 'getAgent',
    tag,
    summary: 'Get an agent',
    description: 'Returns an agent that the caller may talk to or change.',
    access: readAccess,
    limit: 'api',
    params: agentParamsSchema,
    success: { 200: success('The agent') },
    errors: [agentErrors.notFound],
    handle: (ctx, { params }) => getAgent(ctx, params.agentId),
    respond: (row) => ok(presentAgent(row), row.version),
  }),
  defineRoute({
    method: 'patch',
    path,
    operationId: 'updateAgent',
    tag,
    summary: 'Update an agent',
    description:
      'Changes an agent; fields that are left out keep their value. Its instructions are in its ' +
      'versions. Only its author and those with `agents:manage` can do this.',
    access: writeAccess,
    limit: 'api',
    params: agentParamsSchema,
    body: { schema: updateAgentSchema, example: { enabled: false } },
    concurrency: true,
    success: { 200: success('The updated agent') },
    errors: [agentErrors.notFound],
    handle: (ctx, { params, body, ifMatch }) => updateAgent(ctx, params.agentId, body, ifMatch),
    respond: (row) => ok(presentAgent(row), row.version),
  }),
  defineRoute({
    method: 'delete',
    path,
    operationId: 'deleteAgent',
    tag,
    summary: 'Delete an agent',
    description:
      "Deletes an agent with its versions, its memories and everybody's conversations with it; " +
      'answers that it is giving end. Only its author and those with `agents:manage` can do this.',
    access: writeAccess,
    limit: 'api',
    params: agentParamsSchema,
    concurrency: true,
    roundTrips: { max: 3, reason: 'what it is answering is read ahead, hidden from all others' },
    success: { 204: { description: 'The agent is deleted' } },
    errors: [agentErrors.notFound],
    handle: (ctx, { params, ifMatch }) => deleteAgent(ctx, params.agentId, ifMatch),
    respond: noContent,
  }),
];
