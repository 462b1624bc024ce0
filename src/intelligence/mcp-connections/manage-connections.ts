import type { Ctx } from '../../kernel/context/index.ts';
import {
  actorId,
  diffFields,
  type IfMatch,
  requestErrors,
  requirePermission,
  requireVersion,
} from '../../kernel/core/index.ts';
import type { Grant } from '../mcp-authorization/index.ts';
import { endConsent, grantOfConnection, revokeTokens, sealGrant } from './connection-grant.ts';
import { sealHeaders } from './connection-headers.ts';
import { mcpConnectionErrors } from './mcp-connections.errors.ts';
import {
  changeConnection,
  countConnections,
  deleteConnectionRow,
  insertConnection,
} from './mcp-connections.queries.ts';
import { MAX_CONNECTIONS, widens } from './mcp-connections.rules.ts';
import type { CreateConnection, UpdateConnection } from './mcp-connections.schemas.ts';
import type { McpConnection } from './mcp-connections.tables.ts';
import { getConnection } from './read-connections.ts';
import { requireProfile } from './test-connection.ts';

const WORKING = { status: 'working', problem: null } as const;
/** The profile of a server to which a person has to consent first. */
const UNKNOWN = {
  serverName: '',
  protocolVersion: '',
  tools: [],
  status: 'needs_authorization',
  problem: 'authorization_missing',
} as const satisfies Partial<McpConnection>;

const grantOfClient = ({
  clientId,
  clientSecret,
  issuer,
}: NonNullable<CreateConnection['oauthClient']>): Grant => ({
  isOwnClient: true,
  client: {
    client_id: clientId,
    ...(clientSecret === undefined ? {} : { client_secret: clientSecret }),
    ...(issuer === undefined ? {} : { issuer }),
  },
});

const isAuthorization = (header: string): boolean => header.toLowerCase() === 'authorization';

/** @throws AppError `request.invalid` */
function requireOneCredential({ headers, authorization, oauthClient }: CreateConnection): void {
  const refuse = (pointer: string, message: string) =>
    requestErrors.invalid({ errors: [{ pointer, message }] });
  if (authorization === 'oauth' && Object.keys(headers).some(isAuthorization))
    throw refuse('/headers', 'may not have `Authorization` together with a consent');
  if (authorization === 'headers' && oauthClient)
    throw refuse('/oauthClient', 'needs the authorization `oauth`');
  if (oauthClient?.clientSecret !== undefined && oauthClient.issuer === undefined)
    throw refuse('/oauthClient/issuer', 'is needed with a secret');
}

const targetOf = ({ id }: McpConnection) => ({ type: 'mcp_connection', id });

/** A new connection: tested, or waiting for a consent. */
async function describeConnection(ctx: Ctx, input: CreateConnection, url: string): Promise<McpConnection> {
  const { headers, name, allowedTools, unconfirmedTools, authorization, oauthClient } = input;
  const { organizationId } = ctx;
  const profile =
    authorization === 'oauth' ? UNKNOWN : { ...(await requireProfile(ctx, { url, headers })), ...WORKING };
  const id = ctx.ids.create('mcpConnection');
  const now = new Date(ctx.clock.now());
  return {
    ...profile,
    id,
    organizationId,
    name,
    url,
    headerNames: Object.keys(headers),
    sealedHeaders: await sealHeaders(ctx, id, headers),
    authorization,
    sealedGrant: oauthClient ? await sealGrant(ctx, grantOfClient(oauthClient), grantOfConnection(id)) : null,
    tokenEndsAt: null,
    refreshingUntil: null,
    missingScope: null,
    consentedBy: null,
    enabled: true,
    allowedTools,
    unconfirmedTools,
    testedAt: now,
    createdBy: ctx.actor.kind === 'user' ? ctx.actor.userId : null,
    createdAt: now,
    updatedAt: now,
    version: 1,
  };
}

/**
 * Adds a server that has answered a test, or that needs a person's consent first.
 * @throws AppError `mcp_connections.test_failed`, `mcp_connections.too_many`, `outgoing.*`, or `auth.forbidden`
 * without `ai-settings:write`
 */
export async function createConnection(ctx: Ctx, input: CreateConnection): Promise<McpConnection> {
  requirePermission(ctx.actor, 'ai-settings:write');
  const { organizationId } = ctx;
  const [[counted]] = await ctx.read((q) => [countConnections(q, organizationId)]);
  if (counted!.count >= MAX_CONNECTIONS) throw mcpConnectionErrors.tooMany();
  const { name, allowedTools, unconfirmedTools, authorization } = input;
  requireOneCredential(input);
  const { href: url } = await ctx.ports.outgoing.requireAllowed(input.url);
  const row = await describeConnection(ctx, input, url);
  return ctx.commit({
    write: (q) => insertConnection(q, row),
    audit: {
      action: 'mcp_connection.created',
      severity: 'warning',
      target: targetOf(row),
      after: { name, url, allowedTools, unconfirmedTools, headerNames: row.headerNames, authorization },
    },
    result: row,
  });
}

/**
 * The connection with new headers, if its server accepts them.
 * @throws AppError `mcp_connections.test_failed` or `outgoing.*`
 */
const withHeaders = async (ctx: Ctx, { id, url }: McpConnection, headers: CreateConnection['headers']) => ({
  ...(await requireProfile(ctx, { url, headers })),
  headerNames: Object.keys(headers),
  sealedHeaders: await sealHeaders(ctx, id, headers),
  ...WORKING,
});

/**
 * Changes the given fields; new headers are tested with the server first. A consent ends when another person extends
 * what it is used for.
 * @throws AppError `mcp_connections.not_found`, `mcp_connections.test_failed`, `request.stale`, `outgoing.*` or
 * `auth.forbidden`
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
  if (headers !== undefined && row.authorization === 'oauth') throw mcpConnectionErrors.usesConsent();
  const now = new Date(ctx.clock.now());
  const set: Partial<McpConnection> = { ...fields, updatedAt: now };
  if (headers !== undefined) Object.assign(set, await withHeaders(ctx, row, headers), { testedAt: now });
  const { before, after } = diffFields(row, fields);
  // Another person cannot extend what the person has consented to.
  const endsConsent =
    row.consentedBy !== null && row.consentedBy !== actorId(ctx.actor) && widens(row, fields);
  if (endsConsent) Object.assign(set, await endConsent(ctx, row));
  const changed = await ctx.commit({
    write: (q) => [changeConnection(q, row, set)],
    audit: {
      action: 'mcp_connection.updated',
      severity: 'warning',
      target: targetOf(row),
      before,
      after: {
        ...after,
        ...(headers === undefined ? {} : { headersReplaced: true }),
        ...(endsConsent ? { consentEnded: true } : {}),
      },
    },
    result: { ...row, ...set, version: row.version + 1 },
  });
  if (endsConsent) ctx.after('mcp_connections.revoke', () => revokeTokens(ctx, row));
  return changed;
}

/** Removes a connection with its credential and its statistics. @throws AppError as `getConnection`, `request.stale` */
export async function deleteConnection(ctx: Ctx, connectionId: string, ifMatch: IfMatch): Promise<void> {
  requirePermission(ctx.actor, 'ai-settings:write');
  const row = await getConnection(ctx, connectionId);
  requireVersion(row, ifMatch);
  const { name, url } = row;
  await ctx.commit({
    write: (q) => [deleteConnectionRow(q, row)],
    audit: {
      action: 'mcp_connection.deleted',
      severity: 'warning',
      target: targetOf(row),
      before: { name, url },
    },
    result: undefined,
  });
  ctx.after('mcp_connections.revoke', () => revokeTokens(ctx, row));
}
