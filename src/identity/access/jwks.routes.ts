import { z } from '@hono/zod-openapi';
import { defineRoute, type Route } from '../../platform/http/index.ts';

const jwkSchema = z.object({
  kty: z.literal('OKP').openapi({ description: 'Key type.' }),
  crv: z.literal('Ed25519').openapi({ description: 'Curve.' }),
  x: z.string().openapi({ description: 'Public key, base64url without padding.' }),
  kid: z.string().openapi({ description: 'Id of the key, as in the header of a token.' }),
  alg: z.literal('EdDSA').openapi({ description: 'Algorithm.' }),
  use: z.literal('sig').openapi({ description: 'Use: signatures.' }),
});
const jwkSetSchema = z
  .object({ keys: z.array(jwkSchema).openapi({ description: 'The public keys, the newest first.' }) })
  .openapi('JwkSet');

/**
 * Caches may be this old. So a new key is published at the end of the list for at least as long before it moves to the
 * front and signs.
 */
const MAX_AGE_SECONDS = 300;

export const jwksRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/.well-known/jwks.json',
    anyOrigin: true,
    operationId: 'getJwkSet',
    tag: 'Authentication',
    summary: 'Get the public keys',
    description:
      'Returns the public keys that verify access tokens and checkpoints of the audit log, as a JWK set (RFC 7517). ' +
      `Cache it for at most ${MAX_AGE_SECONDS / 60} minutes.`,
    access: { kind: 'public', reason: 'public keys are there for everybody to verify with' },
    limit: 'documents',
    success: {
      200: {
        description: 'The public keys',
        schema: jwkSetSchema,
        example: {
          keys: [
            {
              kty: 'OKP',
              crv: 'Ed25519',
              x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
              kid: 'k1',
              alg: 'EdDSA',
              use: 'sig',
            },
          ],
        },
      },
    },
    handle: (ctx) => ctx.signer.jwks(),
    respond: (keys) => ({
      status: 200,
      body: keys,
      headers: { 'Cache-Control': `public, max-age=${MAX_AGE_SECONDS}` },
    }),
  }),
];
