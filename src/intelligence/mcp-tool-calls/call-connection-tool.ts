import type { Ctx } from '../../kernel/context/index.ts';
import { AppError, requirePermission } from '../../kernel/core/index.ts';
import type { McpCallResult } from '../mcp-client/index.ts';
import {
  getConnection,
  type McpConnection,
  mcpConnectionErrors,
  useConnection,
} from '../mcp-connections/index.ts';
import type { ToolCallOutcome } from './mcp-tool-calls.enums.ts';
import { insertCall } from './mcp-tool-calls.queries.ts';

/** @throws AppError `mcp_connections.needs_authorization`, `mcp_connections.not_working` or `mcp_connections.tool_not_found` */
function requireCallable({ enabled, status, tools, allowedTools }: McpConnection, tool: string): void {
  if (status === 'needs_authorization') throw mcpConnectionErrors.needsAuthorization();
  if (!enabled || status !== 'working') throw mcpConnectionErrors.notWorking();
  // A tool that the server has added since its test is not called before a person has seen it.
  if (!tools.some(({ name }) => name === tool) || !(allowedTools?.includes(tool) ?? true))
    throw mcpConnectionErrors.toolNotFound();
}

/** The result of the call, or its failure. */
async function attemptCall(
  ctx: Ctx,
  row: McpConnection,
  tool: string,
  args: Readonly<Record<string, unknown>>,
): Promise<McpCallResult | AppError> {
  try {
    return await useConnection(ctx, row, (server) => server.callTool(tool, args));
  } catch (error) {
    return error instanceof AppError ? error : mcpConnectionErrors.callFailed({ cause: error });
  }
}

const outcomeOf = (result: McpCallResult | AppError): ToolCallOutcome => {
  if (result instanceof AppError) return 'failed';
  return result.isError ? 'tool_failed' : 'succeeded';
};

/**
 * Calls a tool of a connected server, and counts the call, whatever its result. A failure of the tool itself is a
 * result.
 * @throws AppError `mcp_connections.*`, `outgoing.*`, or `auth.forbidden` without `ai:write`
 */
export async function callConnectionTool(
  ctx: Ctx,
  connectionId: string,
  tool: string,
  args: Readonly<Record<string, unknown>>,
): Promise<McpCallResult> {
  requirePermission(ctx.actor, 'ai:write');
  const row = await getConnection(ctx, connectionId);
  requireCallable(row, tool);
  const calledAt = new Date(ctx.clock.now());
  const result = await attemptCall(ctx, row, tool, args);
  const call = {
    id: ctx.ids.create('mcpToolCall'),
    organizationId: ctx.organizationId,
    connectionId,
    tool,
    outcome: outcomeOf(result),
    durationMs: ctx.clock.now() - calledAt.getTime(),
    calledAt,
  };
  await ctx.commit({
    write: (q) => [insertCall(q, call)],
    audit: {
      action: 'mcp_connection.tool_called',
      target: { type: 'mcp_connection', id: connectionId },
      after: { tool, outcome: call.outcome },
    },
    result: undefined,
  });
  if (result instanceof AppError) throw result;
  return result;
}
