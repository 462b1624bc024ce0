import { computeScopeUnion } from '@modelcontextprotocol/client';
import type { Ctx, Services } from '../../kernel/context/index.ts';
import { systemScope } from '../../kernel/context/index.ts';
import { AppError, base64Url, isStale, requirePermission } from '../../kernel/core/index.ts';
import { beginConsent, completeConsent, type Grant } from '../mcp-authorization/index.ts';
import { AuthorizationWanted, useMcpServer } from '../mcp-client/index.ts';
import {
  getConnection,
  grantOfConnection,
  identityOf,
  type McpConnection,
  openGrant,
  openHeaders,
  holdConnection,
  replaceGrant,
  revokeTokens,
  sealGrant,
  testConnection,
  tokenEndOf,
} from '../mcp-connections/index.ts';
import { mcpConsentErrors } from './mcp-consents.errors.ts';
import { deleteOldConsents, insertConsent, selectBegunConsent, takeConsent } from './mcp-consents.queries.ts';
import type { CompleteConsent } from './mcp-consents.schemas.ts';

/** The context to which the grant of a consent is bound. */
const grantOfConsent = (stateHash: string) => `mcp_consents.sealed_grant.${stateHash}`;

const STATE_BYTES = 32;
/** How long a person may take to consent. */
const CONSENT_LIMIT_MS = 600_000;

/** The person who consents. @throws AppError `mcp_consents.person_needed` for an API key */
export function requirePerson({ actor }: Ctx): string {
  if (actor.kind !== 'user') throw mcpConsentErrors.personNeeded();
  return actor.userId;
}

const hashState = ({ hasher }: Pick<Ctx, 'hasher'>, state: string) => hasher.hash('mcp-consent', state);

/** Errors of the library are logged by name only: their messages can quote an answer. */
function toRefusal(ctx: Ctx, error: unknown): AppError {
  if (error instanceof AppError) return error;
  ctx.log.info('mcp_consents.failed', { error: (error as Error).name });
  return mcpConsentErrors.failed({ cause: error });
}

/** The authorization that the server asks for before it answers. */
async function askWanted(ctx: Ctx, row: McpConnection): Promise<AuthorizationWanted> {
  const headers = await openHeaders(ctx, row);
  try {
    await useMcpServer(ctx.ports.outgoing, { url: row.url, headers }, (server) => server.listTools());
  } catch (error) {
    if (error instanceof AuthorizationWanted) return error;
    throw toRefusal(ctx, error);
  }
  throw mcpConsentErrors.failed({ detail: 'The server answers without authorization.' });
}

export interface BegunConsent {
  authorizationUrl: string;
  endsAt: Date;
}

/**
 * Begins the consent of the calling person, in place of an earlier one of theirs.
 * @throws AppError `mcp_consents.*`, `mcp_connections.*`, `outgoing.*`, or `auth.forbidden` without
 * `ai-settings:write`
 */
export async function beginConnectionConsent(ctx: Ctx, connectionId: string): Promise<BegunConsent> {
  requirePermission(ctx.actor, 'ai-settings:write');
  const userId = requirePerson(ctx);
  const row = await getConnection(ctx, connectionId);
  if (row.authorization !== 'oauth') throw mcpConsentErrors.usesHeaders();
  const { scope, resourceMetadataUrl } = await askWanted(ctx, row);
  const state = base64Url(ctx.ids.random(STATE_BYTES));
  const stateHash = await hashState(ctx, state);
  const kept = await openGrant(ctx, row.sealedGrant, grantOfConnection(row.id));
  const request = {
    serverUrl: row.url,
    identity: identityOf(ctx),
    state,
    grant: kept,
    scope: computeScopeUnion(scope, row.missingScope ?? undefined),
    resourceMetadataUrl,
  };
  const { authorizationUrl, grant } = await beginConsent(ctx.ports.outgoing, request).catch(
    (error: unknown) => {
      throw toRefusal(ctx, error);
    },
  );
  const endsAt = new Date(ctx.clock.now() + CONSENT_LIMIT_MS);
  const sealedGrant = await sealGrant(ctx, grant, grantOfConsent(stateHash));
  const { organizationId } = ctx;
  return ctx.commit({
    write: (q) => insertConsent(q, { stateHash, organizationId, connectionId, userId, sealedGrant, endsAt }),
    audit: { action: 'mcp_connection.consent_begun', target: { type: 'mcp_connection', id: connectionId } },
    result: { authorizationUrl, endsAt },
  });
}

const connectionChanged = () =>
  mcpConsentErrors.failed({ detail: 'The connection has changed since the consent was begun.' });

/**
 * Stores a grant for the permissions that the connection had when it was read.
 * @throws AppError `mcp_consents.failed` when it or its grant changed meanwhile; a new token that is not stored is
 * revoked
 */
async function storeGrant(ctx: Ctx, row: McpConnection, grant: Grant): Promise<void> {
  const sealedGrant = await sealGrant(ctx, grant, grantOfConnection(row.id));
  const set: Partial<McpConnection> = {
    sealedGrant,
    tokenEndsAt: tokenEndOf(grant, ctx.clock.now()),
    consentedBy: requirePerson(ctx),
    missingScope: null,
    // Until the test that follows has succeeded.
    status: 'failing',
    problem: 'unreachable',
  };
  const stored = ctx.commit({
    write: (q) => [holdConnection(q, row), replaceGrant(q, row, set)],
    audit: {
      action: 'mcp_connection.authorized',
      severity: 'warning',
      target: { type: 'mcp_connection', id: row.id },
      after: { scope: grant.tokens?.scope ?? null },
    },
    result: undefined,
    skipIdempotencyRecord: true,
  });
  await stored.catch((error: unknown) => {
    // Also if the person has lost the permission meanwhile: otherwise the tokens would stay valid without an owner.
    ctx.after('mcp_connections.revoke', () => revokeTokens(ctx, { ...row, sealedGrant }));
    throw isStale(error) ? connectionChanged() : error;
  });
}

/** Takes the consent that the caller has begun for this connection, once. @throws AppError `mcp_consents.not_found` */
async function takeGrant(
  ctx: Ctx,
  { id: connectionId, updatedAt }: McpConnection,
  state: string,
): Promise<Grant> {
  const userId = requirePerson(ctx);
  const stateHash = await hashState(ctx, state);
  const [[consent]] = await ctx.read((q) => [selectBegunConsent(q, ctx.organizationId, stateHash)]);
  if (consent?.userId !== userId || consent.connectionId !== connectionId) throw mcpConsentErrors.notFound();
  await ctx.commit({
    write: (q) => [takeConsent(q, consent)],
    result: undefined,
    skipIdempotencyRecord: true,
  });
  const endMs = consent.endsAt.getTime();
  if (endMs <= ctx.clock.now()) throw mcpConsentErrors.notFound();
  // They consented to the permissions that the connection had when they began.
  if (updatedAt.getTime() > endMs - CONSENT_LIMIT_MS) throw connectionChanged();
  return openGrant(ctx, consent.sealedGrant, grantOfConsent(stateHash));
}

/**
 * Completes a consent with what the browser brought back, and tests the connection with it.
 * @throws AppError `mcp_consents.*`, `mcp_connections.*`, `outgoing.*`, or `auth.forbidden` without
 * `ai-settings:write`
 */
export async function completeConnectionConsent(
  ctx: Ctx,
  connectionId: string,
  { state, code, iss }: CompleteConsent,
): Promise<McpConnection> {
  requirePermission(ctx.actor, 'ai-settings:write');
  const row = await getConnection(ctx, connectionId);
  const begun = await takeGrant(ctx, row, state);
  const request = { serverUrl: row.url, identity: identityOf(ctx), grant: begun };
  const grant = await completeConsent(ctx.ports.outgoing, request, { code, iss }).catch((error: unknown) => {
    throw toRefusal(ctx, error);
  });
  await storeGrant(ctx, row, grant);
  return testConnection(ctx, connectionId);
}

const MAX_CONSENTS_PER_RUN = 10_000;

/** Scheduled each hour: deletes consents that were not completed. */
export async function sweepConsents({ database, clock }: Services): Promise<{ deleted: number }> {
  const before = new Date(clock.now());
  const [deleted] = await database.read(systemScope, (q) => [
    deleteOldConsents(q, before, MAX_CONSENTS_PER_RUN),
  ]);
  return { deleted: deleted.length };
}
