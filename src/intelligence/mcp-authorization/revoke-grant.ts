import { selectClientAuthMethod } from '@modelcontextprotocol/client';
import type { Outgoing } from '../../platform/outgoing/index.ts';
import type { Grant } from './grant.ts';
import { createOAuthFetch } from './oauth-fetch.ts';

/**
 * Asks the authorization server to revoke the tokens of a grant, if it has an address for that (RFC 7009).
 * @throws AppError `outgoing.*`, or Error when it does not
 */
export async function revokeGrant(outgoing: Outgoing, { client, discovery, tokens }: Grant): Promise<void> {
  const metadata = discovery?.authorizationServerMetadata;
  const endpoint = metadata && 'revocation_endpoint' in metadata ? metadata.revocation_endpoint : undefined;
  if (!client || !tokens || typeof endpoint !== 'string') return;
  const { client_id: id, client_secret: secret } = client;
  const methods = metadata?.token_endpoint_auth_methods_supported ?? [];
  const isBasic = selectClientAuthMethod(client, methods) === 'client_secret_basic';
  // Revoking a refresh token also ends its access tokens.
  const { refresh_token: token = tokens.access_token } = tokens;
  const response = await createOAuthFetch(outgoing)(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      ...(isBasic ? { authorization: `Basic ${btoa(`${id}:${secret}`)}` } : {}),
    },
    body: new URLSearchParams({
      token,
      token_type_hint: tokens.refresh_token === undefined ? 'access_token' : 'refresh_token',
      ...(isBasic ? {} : { client_id: id, ...(secret === undefined ? {} : { client_secret: secret }) }),
    }),
  });
  if (!response.ok) throw new Error(`the authorization server answered ${response.status}`);
}
