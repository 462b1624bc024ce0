import { z } from '@hono/zod-openapi';
import { foldModules, type ModuleManifest } from '../../kernel/modules/index.ts';
import { defineRoute, noContent, type Reply, type Route } from '../../platform/http/index.ts';
import { foldTools, type Tool } from '../../platform/tools/index.ts';
import { endSession, SESSION_HEADER } from './hold-sessions.ts';
import { mcpServerErrors } from './mcp-server.errors.ts';
import { requireOwnAddress } from './origins.rules.ts';
import { serveMcp } from './serve-mcp.ts';
import { type McpServerDefinition, SERVERS, toolsOf } from './servers.ts';

const JSON_TYPE = 'application/json';
const EVENTS = 'text/event-stream';
const message = { mediaTypes: [JSON_TYPE] };

const success = {
  200: { description: 'The answer, as JSON or as events', mediaTypes: [JSON_TYPE, EVENTS] },
  202: { description: 'The notification was taken' },
  400: { description: 'The message does not follow the protocol', ...message },
  404: { description: 'The server has no such method, or no such session', ...message },
  406: { description: 'The client takes neither JSON nor events', ...message },
  413: { description: 'The message is too large', ...message },
};

function toReply({ status, headers, body }: Response): Reply {
  const type = headers.get('content-type');
  const version = headers.get('mcp-protocol-version');
  const session = headers.get(SESSION_HEADER);
  return {
    status,
    ...(body && type !== null ? { raw: { content: body, type } } : {}),
    headers: {
      'Cache-Control': 'no-store',
      ...(version === null ? {} : { 'Mcp-Protocol-Version': version }),
      ...(session === null ? {} : { 'Mcp-Session-Id': session }),
    },
  };
}

const DESCRIPTION =
  'Answers a message of the Model Context Protocol over streamable HTTP, in the versions 2025-11-25 ' +
  'and 2026-07-28. Tools are operations of this API; their names are the operation ids in lower case ' +
  'with underscores. They need the same permissions as the operations, count against the same limits, ' +
  'and are in the audit log like them. Only tools that the credential may call are listed.';
const SESSIONS =
  ' A client of the version 2025-11-25 gets a session, in the header `Mcp-Session-Id`, in which the ' +
  'server can ask it something. The session ends with its credential, after an hour without use, or ' +
  'when it is ended.';

function mcpServerRoute(definition: McpServerDefinition, modules: () => readonly ModuleManifest[]): Route {
  const { path, operationId, summary, tools } = definition;
  let folded: readonly Tool[] | undefined;
  const offered = () => (folded ??= toolsOf(definition, foldTools(modules())));
  return defineRoute({
    method: 'post',
    path,
    operationId,
    tag: 'MCP',
    summary,
    description: DESCRIPTION + (tools ? ` It offers ${tools.join(', ')}.` : SESSIONS),
    access: {
      kind: 'credential',
      reason: 'each tool needs the permission of its operation, and is refused without it',
    },
    limit: 'api',
    streamBody: {
      mediaTypes: [JSON_TYPE],
      example: '{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{}}',
    },
    dispatches: true,
    timeLimitSeconds: 120,
    success,
    errors: [mcpServerErrors.originRefused, mcpServerErrors.hostRefused],
    handle: (ctx, { request, dispatch }) =>
      serveMcp({ ctx, request, dispatch }, definition, offered(), foldModules(modules(), 'mcpFeatures')),
    respond: toReply,
  });
}

const sessionHeadersSchema = z.object({
  [SESSION_HEADER]: z.string().min(1).max(128).describe('The session, from the header of its first answer.'),
});

const endSessionRoute = defineRoute({
  method: 'delete',
  path: '/mcp',
  operationId: 'endMcpSession',
  tag: 'MCP',
  summary: 'End an MCP session',
  description:
    'Ends the session of an MCP client that `Mcp-Session-Id` names. Open questions to the client end ' +
    'without an answer. A session of another credential is not found.',
  access: { kind: 'credential', reason: 'it ends a session that the credential itself began' },
  limit: 'api',
  headers: sessionHeadersSchema,
  success: { 204: { description: 'The session has ended' } },
  errors: [mcpServerErrors.sessionNotFound, mcpServerErrors.originRefused, mcpServerErrors.hostRefused],
  handle: (ctx, { request, headers }) => {
    requireOwnAddress(request, new URL(ctx.config.PUBLIC_URL), ctx.config.CORS_ORIGINS);
    return endSession(ctx, headers[SESSION_HEADER]);
  },
  respond: noContent,
});

/** The MCP servers, at the addresses that people configure in clients. */
export const mcpServerRoutes = (modules: () => readonly ModuleManifest[]): readonly Route[] => [
  ...SERVERS.map((server) => mcpServerRoute(server, modules)),
  endSessionRoute,
];
