import {
  auth,
  computeScopeUnion,
  OAuthError,
  type OAuthClientProvider,
  refreshAuthorization,
} from '@modelcontextprotocol/client';
import type { Outgoing } from '../../platform/outgoing/index.ts';
import { type ClientIdentity, clientOf, describeClient, type Grant, GrantEnded } from './grant.ts';
import { createOAuthFetch } from './oauth-fetch.ts';

/** What the library reads and writes while a grant is obtained. */
interface OAuthProvider extends OAuthClientProvider {
  grant: Grant;
  authorizationUrl: URL | undefined;
}

function createProvider(identity: ClientIdentity, begun: Grant, state: string | undefined): OAuthProvider {
  const provider: OAuthProvider = {
    grant: { ...begun },
    authorizationUrl: undefined,
    redirectUrl: identity.redirectUrl,
    ...(identity.metadataUrl === undefined ? {} : { clientMetadataUrl: identity.metadataUrl }),
    clientMetadata: describeClient(identity),
    ...(state === undefined ? {} : { state: () => state }),
    clientInformation: () => provider.grant.client,
    // Without it, the library uses a client only at its own issuer, and registers none.
    ...(begun.isOwnClient && begun.client?.issuer !== undefined
      ? {}
      : { saveClientInformation: (client) => void (provider.grant.client = client) }),
    tokens: () => provider.grant.tokens,
    saveTokens: (tokens) => void (provider.grant.tokens = tokens),
    redirectToAuthorization: (url) => void (provider.authorizationUrl = url),
    codeVerifier: () => provider.grant.codeVerifier ?? '',
    saveCodeVerifier: (verifier) => void (provider.grant.codeVerifier = verifier),
    discoveryState: () => provider.grant.discovery,
    saveDiscoveryState: (discovery) => void (provider.grant.discovery = discovery),
  };
  return provider;
}

export interface ConsentRequest {
  serverUrl: string;
  identity: ClientIdentity;
  /** A value that comes back with the answer, so that it can be matched to the consent. */
  state: string;
  /** The client of the customer, if any, and existing tokens. */
  grant: Grant;
  /** The scope that the server asked for, now and when it refused calls. */
  scope: string | undefined;
  resourceMetadataUrl: string | undefined;
}

/**
 * Finds the authorization server, registers a client if there is none, and begins a consent.
 * @returns the address where a person consents, and what belongs to the answer
 * @throws AppError `outgoing.*`, or what the library throws
 */
export async function beginConsent(
  outgoing: Outgoing,
  { serverUrl, identity, state, grant, scope, resourceMetadataUrl }: ConsentRequest,
): Promise<{ authorizationUrl: string; grant: Grant }> {
  // The authorization server may have changed, so it is looked up again.
  const { tokens } = grant;
  const begun = { ...clientOf(grant), ...(tokens ? { tokens } : {}) };
  if (begun.client?.client_secret !== undefined && begun.client.issuer === undefined)
    throw new Error('a client with a secret names no issuer');
  const provider = createProvider(identity, begun, state);
  const wanted = scope === undefined ? undefined : computeScopeUnion(scope, tokens?.scope);
  await auth(provider, {
    serverUrl,
    fetchFn: createOAuthFetch(outgoing),
    forceReauthorization: true,
    ...(wanted === undefined ? {} : { scope: wanted }),
    ...(resourceMetadataUrl === undefined ? {} : { resourceMetadataUrl: new URL(resourceMetadataUrl) }),
  });
  if (!provider.authorizationUrl) throw new Error('the library began no consent');
  const { tokens: _old, ...kept } = provider.grant;
  return { authorizationUrl: provider.authorizationUrl.href, grant: kept };
}

export interface ConsentAnswer {
  code: string;
  /** The issuer in the answer, if it has one. */
  iss: string | undefined;
}

/** Exchanges the code of a consent for tokens. @throws AppError `outgoing.*`, or what the library throws */
export async function completeConsent(
  outgoing: Outgoing,
  { serverUrl, identity, grant }: Pick<ConsentRequest, 'serverUrl' | 'identity' | 'grant'>,
  { code, iss }: ConsentAnswer,
): Promise<Grant> {
  const provider = createProvider(identity, grant, undefined);
  await auth(provider, {
    serverUrl,
    authorizationCode: code,
    fetchFn: createOAuthFetch(outgoing),
    ...(iss === undefined ? {} : { iss }),
  });
  if (!provider.grant.tokens) throw new Error('the library obtained no tokens');
  const { codeVerifier: _used, ...complete } = provider.grant;
  return complete;
}

const ENDED: readonly string[] = ['invalid_grant', 'invalid_client', 'unauthorized_client', 'invalid_scope'];

/**
 * Obtains new tokens before the old ones end.
 * @throws GrantEnded when they are refused for good; AppError `outgoing.*`, or what the library throws
 */
export async function refreshGrant(outgoing: Outgoing, grant: Grant): Promise<Grant> {
  const { client, discovery, tokens } = grant;
  if (!client || !discovery || !tokens?.refresh_token) throw new GrantEnded('there is nothing to refresh');
  const { authorizationServerUrl, authorizationServerMetadata: metadata, resourceMetadata } = discovery;
  try {
    const refreshed = await refreshAuthorization(authorizationServerUrl, {
      ...(metadata ? { metadata } : {}),
      ...(resourceMetadata ? { resource: resourceMetadata.resource } : {}),
      clientInformation: client,
      refreshToken: tokens.refresh_token,
      fetchFn: createOAuthFetch(outgoing),
    });
    const { issuer } = tokens;
    // Fields that the answer lacks stay unchanged.
    return { ...grant, tokens: { ...tokens, ...refreshed, ...(issuer === undefined ? {} : { issuer }) } };
  } catch (error) {
    if (OAuthError.isInstance(error) && ENDED.includes(error.code))
      throw new GrantEnded(error.code, { cause: error });
    throw error;
  }
}
