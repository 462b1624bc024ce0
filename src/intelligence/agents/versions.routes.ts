import { pageQuerySchema, requestErrors } from '../../kernel/core/index.ts';
import { created, defineRoute, ok, type Route } from '../../platform/http/index.ts';
import type { Tool } from '../../platform/tools/index.ts';
import { speechErrors } from '../speech-usage/index.ts';
import { agentErrors } from './agents.errors.ts';
import { agentExample, agentVersionExample, definitionExample } from './agents.examples.ts';
import { presentAgent, presentVersion } from './agents.present.ts';
import {
  agentParamsSchema,
  agentSchema,
  agentVersionPageSchema,
  agentVersionSchema,
  createAgentVersionSchema,
  publishAgentSchema,
} from './agents.schemas.ts';
import { createAgentVersion, publishAgent } from './change-agents.ts';
import { listAgentVersions } from './read-agents.ts';

const tag = 'Agents';
const path = '/api/v1/ai/agents/{agentId}';
const writeAccess = { kind: 'permission', permission: 'agents:write' } as const;

export const agentVersionRoutes = (tools: () => readonly Tool[]): readonly Route[] => [
  createVersionRoute(tools),
  ...otherRoutes,
];

const createVersionRoute = (tools: () => readonly Tool[]): Route =>
  defineRoute({
    method: 'post',
    path: `${path}/versions`,
    operationId: 'createAgentVersion',
    tag,
    summary: 'Create an agent version',
    description:
      'Writes a new version of an agent, which never changes. It is published at once unless ' +
      "`publish` is false. Only the agent's author and those with `agents:manage` can do this. A " +
      'voice needs `ai:read`, and the speech service must be available.',
    access: writeAccess,
    limit: 'api',
    params: agentParamsSchema,
    body: { schema: createAgentVersionSchema, example: { definition: definitionExample } },
    bodyLimitBytes: 128 * 1024,
    idempotent: true,
    success: {
      201: { description: 'The version', schema: agentVersionSchema, example: agentVersionExample },
    },
    errors: [
      agentErrors.notFound,
      agentErrors.tooManyVersions,
      requestErrors.stale,
      speechErrors.degraded,
      speechErrors.busy,
    ],
    handle: (ctx, { params, body }) => createAgentVersion(ctx, params.agentId, body, tools()),
    respond: ({ version, agent }) =>
      created(presentVersion(version, agent), `/api/v1/ai/agents/${agent.id}/versions`),
  });

const otherRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: `${path}/versions`,
    operationId: 'listAgentVersions',
    tag,
    summary: 'List agent versions',
    description: 'Lists the versions of an agent, the newest first.',
    access: { kind: 'permission', permission: 'agents:read' },
    limit: 'api',
    params: agentParamsSchema,
    query: pageQuerySchema,
    success: {
      200: {
        description: 'A page of versions',
        schema: agentVersionPageSchema,
        example: { data: [agentVersionExample], nextCursor: null },
      },
    },
    errors: [agentErrors.notFound],
    handle: (ctx, { params, query }) => listAgentVersions(ctx, params.agentId, query),
    respond: ({ agent, page: { data, nextCursor } }) =>
      ok({ data: data.map((row) => presentVersion(row, agent)), nextCursor }),
  }),
  defineRoute({
    method: 'post',
    path: `${path}/publish`,
    operationId: 'publishAgent',
    tag,
    summary: 'Publish an agent version',
    description:
      'Publishes a version of an agent, a new or an earlier one: the agent answers with it from now ' +
      "on. An answer that is being given ends with the version that it began with. Only the agent's " +
      'author and those with `agents:manage` can do this.',
    access: writeAccess,
    limit: 'api',
    params: agentParamsSchema,
    body: { schema: publishAgentSchema, example: { version: 1 } },
    success: { 200: { description: 'The agent', schema: agentSchema, example: agentExample } },
    errors: [agentErrors.notFound, agentErrors.versionNotFound, requestErrors.stale],
    handle: (ctx, { params, body }) => publishAgent(ctx, params.agentId, body.version),
    respond: (row) => ok(presentAgent(row), row.version),
  }),
];
