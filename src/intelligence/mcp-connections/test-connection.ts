import { SdkHttpError } from '@modelcontextprotocol/client';
import type { Ctx } from '../../kernel/context/index.ts';
import { AppError, requirePermission } from '../../kernel/core/index.ts';
import { isAddressRefusal, outgoingErrors } from '../../platform/outgoing/index.ts';
import { type McpServerAddress, useMcpServer } from '../mcp-client/index.ts';
import { openHeaders } from './connection-headers.ts';
import { CONNECTION_PROBLEM_TEXTS, type ConnectionProblem } from './mcp-connections.enums.ts';
import { mcpConnectionErrors } from './mcp-connections.errors.ts';
import { noteTest } from './mcp-connections.queries.ts';
import type { McpConnection } from './mcp-connections.tables.ts';
import { getConnection } from './read-connections.ts';

/** What a working server says of itself. */
export type ServerProfile = Pick<McpConnection, 'serverName' | 'protocolVersion' | 'tools'>;

/** @throws AppError `outgoing.resolver_unavailable`, which says nothing about the server */
function problemOf(error: unknown): ConnectionProblem {
  if (isAddressRefusal(error)) return 'address_refused';
  if (error instanceof AppError) {
    if (error.code === outgoingErrors.resolverUnavailable.definition.code) throw error;
    return 'unreachable';
  }
  if (error instanceof SdkHttpError && (error.status === 401 || error.status === 403))
    return 'credential_refused';
  return 'unexpected_answer';
}

/** Connects to a server and lists its tools. @returns what it says of itself, or why not */
export async function profileServer(
  { ports, log }: Pick<Ctx, 'ports' | 'log'>,
  address: McpServerAddress,
): Promise<ServerProfile | { problem: ConnectionProblem }> {
  try {
    return await useMcpServer(ports.outgoing, address, async (server) => ({
      serverName: server.serverName.slice(0, 200).toWellFormed().replaceAll('\0', ''),
      protocolVersion: server.protocolVersion,
      tools: await server.listTools(),
    }));
  } catch (error) {
    const problem = problemOf(error);
    log.info('mcp_connections.test_failed', { problem, error });
    return { problem };
  }
}

/** @throws AppError `mcp_connections.test_failed` or `outgoing.resolver_unavailable` */
export async function requireProfile(ctx: Ctx, address: McpServerAddress): Promise<ServerProfile> {
  const profile = await profileServer(ctx, address);
  if ('problem' in profile)
    throw mcpConnectionErrors.testFailed({ detail: CONNECTION_PROBLEM_TEXTS[profile.problem] });
  return profile;
}

/**
 * Tests a connection as it is now, lists its tools again, and notes the outcome. A failing one is an answer, no error.
 * @throws AppError `mcp_connections.not_found`, `outgoing.resolver_unavailable`, `request.stale` when it was changed meanwhile, or
 * `auth.forbidden` without `ai-settings:write`
 */
export async function testConnection(ctx: Ctx, connectionId: string): Promise<McpConnection> {
  requirePermission(ctx.actor, 'ai-settings:write');
  const row = await getConnection(ctx, connectionId);
  const profile = await profileServer(ctx, { url: row.url, headers: await openHeaders(ctx, row) });
  const testedAt = new Date(ctx.clock.now());
  const set: Partial<McpConnection> =
    'problem' in profile
      ? { status: 'failing', problem: profile.problem, testedAt }
      : { ...profile, status: 'working', problem: null, testedAt };
  return ctx.commit({
    write: (q) => [noteTest(q, row, set)],
    audit: {
      action: 'mcp_connection.tested',
      target: { type: 'mcp_connection', id: row.id },
      before: { status: row.status },
      after: { status: set.status, problem: set.problem },
    },
    result: { ...row, ...set },
  });
}
