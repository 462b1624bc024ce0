import { foldModules, type ModuleManifest } from '../../kernel/modules/index.ts';
import { defineRoute, type Reply, type Route } from '../../platform/http/index.ts';
import { foldTools, type Tool } from '../../platform/tools/index.ts';
import { mcpServerErrors } from './mcp-server.errors.ts';
import { serveMcp } from './serve-mcp.ts';
import { type McpServerDefinition, SERVERS, toolsOf } from './servers.ts';

const JSON_TYPE = 'application/json';
const EVENTS = 'text/event-stream';
const message = { mediaTypes: [JSON_TYPE] };

const success = {
  200: { description: 'The answer, as JSON or as events', mediaTypes: [JSON_TYPE, EVENTS] },
  202: { description: 'The notification was taken' },
  400: { description: 'The message is none of the protocol', ...message },
  404: { description: 'The server has no such method', ...message },
  406: { description: 'The client takes neither JSON nor events', ...message },
  413: { description: 'The message is too large', ...message },
};

function toReply({ status, headers, body }: Response): Reply {
  const type = headers.get('content-type');
  const version = headers.get('mcp-protocol-version');
  return {
    status,
    ...(body && type !== null ? { raw: { content: body, type } } : {}),
    headers: {
      'Cache-Control': 'no-store',
      ...(version === null ? {} : { 'Mcp-Protocol-Version': version }),
    },
  };
}

const DESCRIPTION =
  'Answers a message of the Model Context Protocol over streamable HTTP, in its versions 2025-11-25 and 2026-07-28. Tools are operations of ' +
  'this API under the same names in lower case with underscores: they need the same permissions, count against the same limits, and are ' +
  'in the audit log like them. Only tools that the credential may call are listed. Nothing is kept between messages, so there is no session ' +
  'and no stream to resume.';

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
    description: tools ? `${DESCRIPTION} It offers ${tools.join(', ')}.` : DESCRIPTION,
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

/** The MCP servers, at addresses that clients are configured with. */
export const mcpServerRoutes = (modules: () => readonly ModuleManifest[]): readonly Route[] =>
  SERVERS.map((server) => mcpServerRoute(server, modules));
