import type {
  OAuthDiscoveryState,
  StoredOAuthClientInformation,
  StoredOAuthTokens,
} from '@modelcontextprotocol/client';

/** What is kept of a consent. All of it is secret. */
export interface Grant {
  client?: StoredOAuthClientInformation;
  discovery?: OAuthDiscoveryState;
  codeVerifier?: string;
  tokens?: StoredOAuthTokens;
}

/** How the product introduces itself to authorization servers. */
export interface ClientIdentity {
  /** Where a consent leads back to. */
  redirectUrl: string;
  /** Where the product describes itself as a client; undefined where it has no public address. */
  metadataUrl: string | undefined;
}

export const describeClient = ({ redirectUrl }: Pick<ClientIdentity, 'redirectUrl'>) => ({
  client_name: 'AuraLink',
  redirect_uris: [redirectUrl],
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  token_endpoint_auth_method: 'none',
});

/** The authorization server does not take the grant any more: only a person can give another. */
export class GrantEnded extends Error {}
