import type { Ctx } from '../../kernel/context/index.ts';
import { diffFields, type IfMatch, requirePermission, requireVersion } from '../../kernel/core/index.ts';
import { sealHeaders } from './connection-headers.ts';
import { mcpConnectionErrors } from './mcp-connections.errors.ts';
import {
  changeConnection,
  countConnections,
  deleteConnectionRow,
  insertConnection,
} from './mcp-connections.queries.ts';
import { MAX_CONNECTIONS } from './mcp-connections.rules.ts';
import type { CreateConnection, UpdateConnection } from './mcp-connections.schemas.ts';
import type { McpConnection } from './mcp-connections.tables.ts';
import { getConnection } from './read-connections.ts';
import { requireProfile } from './test-connection.ts';

const targetOf = ({ id }: McpConnection) => ({ type: 'mcp_connection', id });

/**
 * Adds a server that has proven to answer.
 * @throws AppError `mcp_connections.test_failed`, `mcp_connections.too_many`, `outgoing.*`, or `auth.forbidden` without `ai-settings:write`
 */
export async function createConnection(ctx: Ctx, input: CreateConnection): Promise<McpConnection> {
  requirePermission(ctx.actor, 'ai-settings:write');
  const { organizationId } = ctx;
  const [[counted]] = await ctx.read((q) => [countConnections(q, organizationId)]);
  if (counted!.count >= MAX_CONNECTIONS) throw mcpConnectionErrors.tooMany();
  const { headers, name, allowedTools } = input;
  const { href: url } = await ctx.ports.outgoing.requireAllowed(input.url);
  const profile = await requireProfile(ctx, { url, headers });
  const id = ctx.ids.create('mcpConnection');
  const now = new Date(ctx.clock.now());
  const row: McpConnection = {
    ...profile,
    id,
    organizationId,
    name,
    url,
    headerNames: Object.keys(headers),
    sealedHeaders: await sealHeaders(ctx, id, headers),
    enabled: true,
    allowedTools,
    status: 'working',
    problem: null,
    testedAt: now,
    createdBy: ctx.actor.kind === 'user' ? ctx.actor.userId : null,
    createdAt: now,
    updatedAt: now,
    version: 1,
  };
  return ctx.commit({
    write: (q) => insertConnection(q, row),
    audit: {
      action: 'mcp_connection.created',
      severity: 'warning',
      target: targetOf(row),
      after: { name, url, allowedTools, headerNames: row.headerNames },
    },
    result: row,
  });
}

/**
 * Changes the given fields; with other headers the server has to prove that it takes them first.
 * @throws AppError `mcp_connections.not_found`, `mcp_connections.test_failed`, `request.stale`, `outgoing.*` or `auth.forbidden`
 */
export async function updateConnection(
  ctx: Ctx,
  connectionId: string,
  { headers, ...fields }: UpdateConnection,
  ifMatch: IfMatch,
): Promise<McpConnection> {
  requirePermission(ctx.actor, 'ai-settings:write');
  const row = await getConnection(ctx, connectionId);
  requireVersion(row, ifMatch);
  const now = new Date(ctx.clock.now());
  const set: Partial<McpConnection> = { ...fields, updatedAt: now };
  if (headers !== undefined)
    Object.assign(set, await requireProfile(ctx, { url: row.url, headers }), {
      headerNames: Object.keys(headers),
      sealedHeaders: await sealHeaders(ctx, row.id, headers),
      status: 'working',
      problem: null,
      testedAt: now,
    });
  const { before, after } = diffFields(row, fields);
  return ctx.commit({
    write: (q) => [changeConnection(q, row, set)],
    audit: {
      action: 'mcp_connection.updated',
      severity: 'warning',
      target: targetOf(row),
      before,
      after: headers === undefined ? after : { ...after, headersReplaced: true },
    },
    result: { ...row, ...set, version: row.version + 1 },
  });
}

/** Removes a connection with its credential and its statistics. @throws AppError as `getConnection`, `request.stale` */
export async function deleteConnection(ctx: Ctx, connectionId: string, ifMatch: IfMatch): Promise<void> {
  requirePermission(ctx.actor, 'ai-settings:write');
  const row = await getConnection(ctx, connectionId);
  requireVersion(row, ifMatch);
  const { name, url } = row;
  return ctx.commit({
    write: (q) => [deleteConnectionRow(q, row)],
    audit: {
      action: 'mcp_connection.deleted',
      severity: 'warning',
      target: targetOf(row),
      before: { name, url },
    },
    result: undefined,
  });
}
