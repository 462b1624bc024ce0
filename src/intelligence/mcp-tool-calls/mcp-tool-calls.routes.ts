import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { outgoingErrors } from '../../platform/outgoing/index.ts';
import { callConnectionTool } from './call-connection-tool.ts';
import { connectionParamsSchema, mcpConnectionErrors } from '../mcp-connections/index.ts';
import {
  callResultSchema,
  callToolSchema,
  connectionUsageSchema,
  usageQuerySchema,
} from './mcp-tool-calls.schemas.ts';
import { getConnectionUsage } from './read-usage.ts';

const tag = 'MCP';
const path = '/api/v1/mcp/connections/{mcpConnectionId}';
const { notFound, notWorking, toolNotFound, callFailed, needsAuthorization, scopeMissing, refreshing } =
  mcpConnectionErrors;

export const toolCallRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: `${path}/usage`,
    operationId: 'getMcpConnectionUsage',
    tag,
    summary: 'Get MCP connection usage',
    description:
      "Returns statistics of a connection's tools: the number of calls, the failed ones, and their " +
      'duration.',
    access: { kind: 'permission', permission: 'ai:read' },
    limit: 'api',
    params: connectionParamsSchema,
    query: usageQuerySchema,
    success: {
      200: {
        description: 'The calls by tool',
        schema: connectionUsageSchema,
        example: {
          startsAt: '2026-01-05T09:30:00.000Z',
          data: [
            {
              tool: 'echo',
              calls: 12,
              toolFailures: 1,
              failures: 0,
              averageSeconds: 0.4,
              p95Seconds: 1.1,
            },
          ],
        },
      },
    },
    errors: [notFound],
    handle: (ctx, { params, query }) => getConnectionUsage(ctx, params.mcpConnectionId, query.days),
    respond: ({ since, usage }) =>
      ok({
        startsAt: since.toISOString(),
        data: usage.map(({ averageMs, p95Ms, ...counts }) => ({
          ...counts,
          averageSeconds: averageMs / 1_000,
          p95Seconds: p95Ms / 1_000,
        })),
      }),
  }),
  defineRoute({
    method: 'post',
    path: `${path}/call`,
    operationId: 'callMcpConnectionTool',
    tag,
    summary: 'Call an MCP tool',
    description:
      'Calls a tool of a connected server. The tool must be allowed, and the server must have listed ' +
      'it in its last test. The call takes at most 30 seconds, its answer at most 1 MiB. When the ' +
      'tool fails, that is an answer, with `isError`. Each call is in the audit log, without its ' +
      'input and output.',
    access: { kind: 'permission', permission: 'ai:write' },
    limit: 'ai',
    params: connectionParamsSchema,
    body: { schema: callToolSchema, example: { tool: 'echo', arguments: { text: 'Hello' } } },
    timeLimitSeconds: 60,
    success: {
      200: {
        description: 'What the tool answered',
        schema: callResultSchema,
        example: { content: [{ type: 'text', text: 'Hello' }], structuredContent: null, isError: false },
      },
    },
    errors: [
      notFound,
      notWorking,
      toolNotFound,
      callFailed,
      needsAuthorization,
      scopeMissing,
      refreshing,
      outgoingErrors.addressRefused,
      outgoingErrors.unresolved,
      outgoingErrors.resolverUnavailable,
      outgoingErrors.unreachable,
      outgoingErrors.redirected,
      outgoingErrors.answerTooLarge,
    ],
    handle: (ctx, { params, body }) =>
      callConnectionTool(ctx, params.mcpConnectionId, body.tool, body.arguments),
    respond: (result) => ok(result),
  }),
];
