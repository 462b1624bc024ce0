import { z } from '@hono/zod-openapi';
import { defineRoute, type Route } from '../../platform/http/index.ts';

const jwkSchema = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string(),
  kid: z.string(),
  alg: z.literal('EdDSA'),
  use: z.literal('sig'),
});
const jwkSetSchema = z.object({ keys: z.array(jwkSchema) }).openapi('JwkSet');

/** Verifiers may lag this far behind: a new key is put last in the ring for as long before it is moved to the front. */
const MAX_AGE_SECONDS = 300;

export const jwksRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/.well-known/jwks.json',
    operationId: 'getJwkSet',
    tag: 'Authentication',
    summary: 'Read the public keys that verify tokens and audit checkpoints',
    access: { kind: 'public', reason: 'public halves of keys are there to be read' },
    limit: 'health',
    success: {
      200: {
        description: 'A JWK set (RFC 7517), newest key first',
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
