import { computeScopeUnion } from '@modelcontextprotocol/client';
import type { Ctx } from '../../kernel/context/index.ts';
import { isError, isStale } from '../../kernel/core/index.ts';
import { type Grant, GrantEnded, refreshGrant } from '../mcp-authorization/index.ts';
import { AuthorizationWanted, type McpSession, useMcpServer } from '../mcp-client/index.ts';
import {
  grantOfConnection,
  openGrant,
  revokeTokens,
  sealGrant,
  tokenEndOf,
  withoutTokens,
} from './connection-grant.ts';
import { openHeaders } from './connection-headers.ts';
import { mcpConnectionErrors } from './mcp-connections.errors.ts';
import { claimRefresh, replaceGrant } from './grants.queries.ts';
import { noteMissingScope, selectConnection } from './mcp-connections.queries.ts';
import type { McpConnection } from './mcp-connections.tables.ts';

/** A token that ends within this time is refreshed before its use. */
const EARLY_MS = 60_000;
/** How long a refresh can take, retries of its requests included. */
const REFRESH_LIMIT_MS = 30_000;
const WAIT_MS = 500;
const MAX_WAITS = 20;

async function readAgain(ctx: Ctx, { id }: McpConnection): Promise<McpConnection> {
  const [[row]] = await ctx.read((q) => [selectConnection(q, ctx.organizationId, id)]);
  if (!row) throw mcpConnectionErrors.notFound();
  return row;
}

/** Stores a changed grant. */
async function storeGrant(ctx: Ctx, row: McpConnection, set: Partial<McpConnection>): Promise<McpConnection> {
  await ctx.commit({
    write: (q) => [replaceGrant(q, row, set)],
    ...(set.status === undefined
      ? {}
      : {
          audit: {
            action: 'mcp_connection.authorization_ended',
            severity: 'warning',
            target: { type: 'mcp_connection', id: row.id },
            after: { problem: set.problem },
          },
        }),
    result: undefined,
    skipIdempotencyRecord: true,
  });
  return { ...row, ...set, refreshingUntil: null };
}

/** Refreshes the grant, which only this request may do now. */
async function refresh(ctx: Ctx, row: McpConnection, grant: Grant): Promise<McpConnection> {
  let sealedGrant: string | undefined;
  try {
    const refreshed = await refreshGrant(ctx.ports.outgoing, grant);
    sealedGrant = await sealGrant(ctx, refreshed, grantOfConnection(row.id));
    return await storeGrant(ctx, row, { sealedGrant, tokenEndsAt: tokenEndOf(refreshed, ctx.clock.now()) });
  } catch (error) {
    // The consent was taken back meanwhile, so its new token ends, too.
    if (sealedGrant !== undefined && isStale(error)) {
      const unused = { ...row, sealedGrant };
      ctx.after('mcp_connections.revoke', () => revokeTokens(ctx, unused));
      throw error;
    }
    if (error instanceof GrantEnded) {
      await storeGrant(ctx, row, await withoutTokens(ctx, row, grant));
      throw mcpConnectionErrors.needsAuthorization({ cause: error });
    }
    await storeGrant(ctx, row, {});
    throw error;
  }
}

const tokenOf = async (ctx: Ctx, row: McpConnection): Promise<string | undefined> =>
  (await openGrant(ctx, row.sealedGrant, grantOfConnection(row.id))).tokens?.access_token;

/**
 * The connection with newer tokens than it was read with. Of several requests only one refreshes them, because an
 * authorization server may accept a refresh token only once; the others wait for it.
 */
async function renew(ctx: Ctx, read: McpConnection): Promise<McpConnection> {
  const refused = await tokenOf(ctx, read);
  let row = read;
  for (let waits = 0; ; waits++) {
    const now = new Date(ctx.clock.now());
    try {
      await ctx.commit({
        write: (q) => [claimRefresh(q, row, now, new Date(now.getTime() + REFRESH_LIMIT_MS))],
        result: undefined,
        skipIdempotencyRecord: true,
      });
    } catch (error) {
      if (!isError(error, mcpConnectionErrors.refreshing) || waits >= MAX_WAITS) throw error;
      await ctx.timers.sleep(WAIT_MS);
      row = await readAgain(ctx, row);
      // The same token may only have been encrypted again; that is not a new one.
      if ((await tokenOf(ctx, row)) !== refused) return row;
      continue;
    }
    return refresh(ctx, row, await openGrant(ctx, row.sealedGrant, grantOfConnection(row.id)));
  }
}

/** The headers with the token of a connection that has a valid grant. */
async function headersOf(ctx: Ctx, row: McpConnection): Promise<Record<string, string>> {
  const headers = await openHeaders(ctx, row);
  if (row.authorization === 'headers') return { ...headers };
  const token = await tokenOf(ctx, row);
  if (token === undefined) throw mcpConnectionErrors.needsAuthorization();
  return { ...headers, authorization: `Bearer ${token}` };
}

const MAX_SCOPE = 2_000;

/**
 * Stores the scope that one request needs in addition to the consent; other requests work as before.
 * @throws AppError `mcp_connections.scope_missing`
 */
async function refuseScope(ctx: Ctx, row: McpConnection, wanted: AuthorizationWanted): Promise<never> {
  const scope = computeScopeUnion(row.missingScope ?? undefined, wanted.scope);
  if (scope !== undefined && scope !== row.missingScope && scope.length <= MAX_SCOPE)
    await ctx.commit({
      write: (q) => [noteMissingScope(q, row, scope)],
      result: undefined,
      skipIdempotencyRecord: true,
    });
  throw mcpConnectionErrors.scopeMissing({ cause: wanted });
}

/** Ends a grant that the server refuses although it is new. @throws AppError `mcp_connections.needs_authorization` */
async function endGrant(ctx: Ctx, row: McpConnection, wanted: AuthorizationWanted): Promise<never> {
  const grant = await openGrant(ctx, row.sealedGrant, grantOfConnection(row.id));
  await storeGrant(ctx, row, await withoutTokens(ctx, row, grant));
  throw mcpConnectionErrors.needsAuthorization({ cause: wanted });
}

const refuse = (ctx: Ctx, row: McpConnection, wanted: AuthorizationWanted): Promise<never> =>
  wanted.isScopeMissing ? refuseScope(ctx, row, wanted) : endGrant(ctx, row, wanted);

/**
 * Uses the server of a connection with its credential. A token is refreshed when it ends, and once more when the
 * server refuses it.
 * @throws AppError `mcp_connections.needs_authorization`, `mcp_connections.scope_missing`, or as `useMcpServer`
 */
export async function useConnection<T>(
  ctx: Ctx,
  row: McpConnection,
  work: (session: McpSession) => Promise<T>,
): Promise<T> {
  const { outgoing } = ctx.ports;
  const attempt = async (current: McpConnection) =>
    useMcpServer(outgoing, { url: current.url, headers: await headersOf(ctx, current) }, work);
  if (row.authorization === 'headers') return attempt(row);
  if (row.sealedGrant === null || row.status === 'needs_authorization')
    throw mcpConnectionErrors.needsAuthorization();
  const endsEarly = row.tokenEndsAt !== null && row.tokenEndsAt.getTime() - EARLY_MS <= ctx.clock.now();
  let current = endsEarly ? await renew(ctx, row) : row;
  try {
    return await attempt(current);
  } catch (error) {
    if (!(error instanceof AuthorizationWanted)) throw error;
    if (error.isScopeMissing || current !== row) return refuse(ctx, current, error);
  }
  current = await renew(ctx, current);
  try {
    return await attempt(current);
  } catch (error) {
    if (error instanceof AuthorizationWanted) return refuse(ctx, current, error);
    throw error;
  }
}
