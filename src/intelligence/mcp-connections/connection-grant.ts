import type { Ctx, Services } from '../../kernel/context/index.ts';
import { type ClientIdentity, clientOf, type Grant, revokeGrant } from '../mcp-authorization/index.ts';
import type { McpConnection } from './mcp-connections.tables.ts';

/** The path where the product describes itself as a client. */
export const CLIENT_METADATA_PATH = '/mcp/client.json';
/** The page of the app to which a consent returns. */
const REDIRECT_PATH = '/mcp/authorization';

export function identityOf({ config }: Pick<Ctx, 'config'>): ClientIdentity {
  const metadataUrl = new URL(CLIENT_METADATA_PATH, config.PUBLIC_URL);
  return {
    redirectUrl: new URL(REDIRECT_PATH, config.APP_URL).href,
    // Authorization servers read it from outside.
    metadataUrl: metadataUrl.protocol === 'https:' ? metadataUrl.href : undefined,
  };
}

/** The context to which the grant of a connection is bound. */
export const grantOfConnection = (connectionId: string) => `mcp_connections.sealed_grant.${connectionId}`;

export const sealGrant = (
  { vault }: Pick<Services, 'vault'>,
  grant: Grant,
  boundTo: string,
): Promise<string> => vault.encrypt(JSON.stringify(grant), boundTo);

/** @throws VaultError when it is encrypted with a key of the product that was removed */
export const openGrant = async (
  { vault }: Pick<Services, 'vault'>,
  sealed: string | null,
  boundTo: string,
): Promise<Grant> => (sealed === null ? {} : (JSON.parse(await vault.decrypt(sealed, boundTo)) as Grant));

/** When the access token of a grant ends; null when it has no end. */
export function tokenEndOf({ tokens }: Grant, nowMs: number): Date | null {
  const seconds = tokens?.expires_in;
  return seconds === undefined ? null : new Date(nowMs + Math.min(Math.max(seconds, 0), 31_536_000) * 1_000);
}

/** A connection without a valid grant. Its client is kept, so that none is registered again. */
export async function withoutTokens(
  ctx: Pick<Ctx, 'vault'>,
  { id }: McpConnection,
  grant: Grant,
): Promise<Partial<McpConnection>> {
  return {
    status: 'needs_authorization',
    problem: 'authorization_ended',
    sealedGrant: await sealGrant(ctx, clientOf(grant), grantOfConnection(id)),
    tokenEndsAt: null,
    consentedBy: null,
  };
}

/**
 * Asks the authorization server to revoke the tokens of a connection. The connection no longer keeps them, whatever
 * the answer is.
 */
export async function revokeTokens(
  ctx: Pick<Ctx, 'vault' | 'log' | 'ports'>,
  { id, sealedGrant }: McpConnection,
): Promise<void> {
  try {
    await revokeGrant(ctx.ports.outgoing, await openGrant(ctx, sealedGrant, grantOfConnection(id)));
  } catch (error) {
    // Its message can quote the answer.
    ctx.log.info('mcp_connections.revocation_failed', { connectionId: id, error: (error as Error).name });
  }
}

/** @returns the row of a connection whose consent ends; the commit checks that the consent is the same */
export async function endConsent(ctx: Ctx, row: McpConnection): Promise<Partial<McpConnection>> {
  const grant = await openGrant(ctx, row.sealedGrant, grantOfConnection(row.id));
  return withoutTokens(ctx, row, grant);
}
