import type { Ctx } from '../../kernel/context/index.ts';
import { type Page, pageOf, type PageQuery, readCursor, requirePermission } from '../../kernel/core/index.ts';
import type { McpTool } from '../mcp-client/index.ts';
import { mcpConnectionErrors } from './mcp-connections.errors.ts';
import { selectConnection, selectMcpConnections, selectToolsByName } from './mcp-connections.queries.ts';
import type { McpConnection } from './mcp-connections.tables.ts';

/** Lists the organization's connections, the oldest first. @throws AppError `auth.forbidden` without `ai:read` */
export async function listConnections(ctx: Ctx, { cursor, limit }: PageQuery): Promise<Page<McpConnection>> {
  requirePermission(ctx.actor, 'ai:read');
  const page = { after: readCursor(cursor), limit };
  const [rows] = await ctx.read((q) => [selectMcpConnections(q, ctx.organizationId, page)]);
  return pageOf(rows, limit, ({ id }) => id);
}

/** A tool that may be called on its connection now. */
export interface CallableTool extends McpTool {
  connectionId: string;
  /** Whether the organization trusts it, so that agents call it without confirmation. */
  unconfirmed: boolean;
}

/** The given tools that may be called now. @throws AppError `auth.forbidden` without `ai:read` */
export async function listCallableTools(
  ctx: Ctx,
  wanted: readonly { connectionId: string | null; name: string }[],
): Promise<CallableTool[]> {
  requirePermission(ctx.actor, 'ai:read');
  const ids = wanted.flatMap(({ connectionId }) => connectionId ?? []);
  const names = wanted.map(({ name }) => name);
  const [rows] = await ctx.read((q) => [selectToolsByName(q, ctx.organizationId, ids, names)]);
  return rows
    .filter(({ enabled, status }) => enabled && status === 'working')
    .flatMap(({ id: connectionId, allowedTools, unconfirmedTools, tools }) =>
      tools
        .filter(({ name }) => allowedTools?.includes(name) ?? true)
        .map((tool) => ({ ...tool, connectionId, unconfirmed: unconfirmedTools.includes(tool.name) })),
    );
}

/** A connection for a verb that checks by it whether the caller is allowed. */
export async function findConnection(ctx: Ctx, connectionId: string): Promise<McpConnection | undefined> {
  const [[found]] = await ctx.read((q) => [selectConnection(q, ctx.organizationId, connectionId)]);
  return found;
}

/** @throws AppError `mcp_connections.not_found`, or `auth.forbidden` without `ai:read` */
export async function getConnection(ctx: Ctx, connectionId: string): Promise<McpConnection> {
  requirePermission(ctx.actor, 'ai:read');
  const found = await findConnection(ctx, connectionId);
  if (!found) throw mcpConnectionErrors.notFound();
  return found;
}
