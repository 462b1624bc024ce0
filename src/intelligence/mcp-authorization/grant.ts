import type {
  OAuthDiscoveryState,
  StoredOAuthClientInformation,
  StoredOAuthTokens,
} from '@modelcontextprotocol/client';

/** What is kept of a consent. All of it is secret. */
export interface Grant {
  client?: StoredOAuthClientInformation;
  /** Whether the customer has registered the client; then no other client is used. */
  isOwnClient?: true;
  discovery?: OAuthDiscoveryState;
  codeVerifier?: string;
  tokens?: StoredOAuthTokens;
}

/** The part of a grant that remains when its tokens are gone: its client, so that none is registered again. */
export const clientOf = ({ client, isOwnClient }: Grant): Grant => ({
  ...(client ? { client } : {}),
  ...(isOwnClient ? { isOwnClient } : {}),
});

/** How the product introduces itself to authorization servers. */
export interface ClientIdentity {
  /** The address to which a consent returns. */
  redirectUrl: string;
  /** The address where the product describes itself as a client; undefined without a public address. */
  metadataUrl: string | undefined;
}

export const describeClient = ({ redirectUrl }: Pick<ClientIdentity, 'redirectUrl'>) => ({
  client_name: 'AuraLink',
  redirect_uris: [redirectUrl],
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  token_endpoint_auth_method: 'none',
});

/** The authorization server no longer accepts the grant: only a person can give another. */
export class GrantEnded extends Error {}
