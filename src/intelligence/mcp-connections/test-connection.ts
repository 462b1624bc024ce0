import type { Ctx } from '../../kernel/context/index.ts';
import { AppError, isError, requirePermission } from '../../kernel/core/index.ts';
import { isAddressRefusal, outgoingErrors } from '../../platform/outgoing/index.ts';
import {
  AuthorizationWanted,
  type McpServerAddress,
  type McpSession,
  useMcpServer,
} from '../mcp-client/index.ts';
import { CONNECTION_PROBLEM_TEXTS, type ConnectionProblem } from './mcp-connections.enums.ts';
import { mcpConnectionErrors } from './mcp-connections.errors.ts';
import { noteTest } from './mcp-connections.queries.ts';
import type { McpConnection } from './mcp-connections.tables.ts';
import { getConnection } from './read-connections.ts';
import { useConnection } from './use-credential.ts';

/** The description that a working server gives of itself. */
export type ServerProfile = Pick<McpConnection, 'serverName' | 'protocolVersion' | 'tools'>;

/** @throws AppError `outgoing.resolver_unavailable`, which says nothing about the server */
function problemOf(error: unknown): ConnectionProblem {
  if (isAddressRefusal(error)) return 'address_refused';
  if (isError(error, mcpConnectionErrors.needsAuthorization)) return 'authorization_missing';
  if (isError(error, mcpConnectionErrors.scopeMissing)) return 'scope_missing';
  if (isError(error, outgoingErrors.resolverUnavailable)) throw error;
  if (error instanceof AppError) return 'unreachable';
  if (error instanceof AuthorizationWanted) return 'credential_refused';
  return 'unexpected_answer';
}

/** Asks a server to describe itself. */
export const describeServer = async (server: McpSession): Promise<ServerProfile> => ({
  serverName: server.serverName,
  protocolVersion: server.protocolVersion,
  tools: await server.listTools(),
});

/** The description of a server, or why it gives none. */
async function profileOf(
  { log }: Pick<Ctx, 'log'>,
  asked: Promise<ServerProfile>,
): Promise<ServerProfile | { problem: ConnectionProblem }> {
  try {
    return await asked;
  } catch (error) {
    const problem = problemOf(error);
    log.info('mcp_connections.test_failed', { problem, error });
    return { problem };
  }
}

/** @throws AppError `mcp_connections.test_failed` or `outgoing.resolver_unavailable` */
export async function requireProfile(ctx: Ctx, address: McpServerAddress): Promise<ServerProfile> {
  const profile = await profileOf(ctx, useMcpServer(ctx.ports.outgoing, address, describeServer));
  if ('problem' in profile)
    throw mcpConnectionErrors.testFailed({ detail: CONNECTION_PROBLEM_TEXTS[profile.problem] });
  return profile;
}

/**
 * Tests a connection in its present state, lists its tools again, and stores the outcome. A failed test is an answer,
 * not an error.
 * @throws AppError `mcp_connections.not_found`, `outgoing.resolver_unavailable`, `request.stale` when it was changed
 * meanwhile, or `auth.forbidden` without `ai-settings:write`
 */
export async function testConnection(ctx: Ctx, connectionId: string): Promise<McpConnection> {
  requirePermission(ctx.actor, 'ai-settings:write');
  const row = await getConnection(ctx, connectionId);
  const profile = await profileOf(ctx, useConnection(ctx, row, describeServer));
  // The end of the consent is stored already.
  if ('problem' in profile && profile.problem === 'authorization_missing')
    return getConnection(ctx, connectionId);
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
