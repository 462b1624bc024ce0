import { z } from '@hono/zod-openapi';
import { type Actor, authErrors } from '../../kernel/core/index.ts';
import { defineRoute, ok, type Route } from '../../platform/http/index.ts';

const whoAmISchema = z
  .object({
    kind: z.enum(['user', 'apiKey']),
    id: z.string(),
    organizationId: z.string().nullable(),
    role: z.string().nullable(),
    plan: z.string().nullable(),
    permissions: z.array(z.string()),
  })
  .openapi('WhoAmI');

type WhoAmI = z.output<typeof whoAmISchema>;

/** What a credential says of its holder; nothing is looked up. */
function whoAmI(actor: Actor): WhoAmI {
  const permissions = 'permissions' in actor ? [...actor.permissions] : [];
  switch (actor.kind) {
    case 'user':
      return {
        kind: 'user',
        id: actor.userId,
        organizationId: actor.organizationId,
        role: actor.role,
        plan: actor.plan,
        permissions,
      };
    case 'apiKey':
      return {
        kind: 'apiKey',
        id: actor.apiKeyId,
        organizationId: actor.organizationId,
        role: null,
        plan: actor.plan,
        permissions,
      };
    case 'guest':
      throw authErrors.forbidden();
    case 'operator':
    case 'system':
    case 'anonymous':
      throw authErrors.required();
  }
}

export const accessRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/api/v1/auth/whoami',
    operationId: 'whoAmI',
    tag: 'Authentication',
    summary: 'Say what the credential is good for',
    access: { kind: 'credential', reason: 'a credential may always be asked what it is' },
    limit: 'api',
    success: {
      200: {
        description: 'The holder of the credential, out of the credential itself',
        schema: whoAmISchema,
        example: {
          kind: 'user',
          id: 'usr_01jd3v7q8gf4kr2x6a0w9mznpe',
          organizationId: 'org_01jd3v7q8gf4kr2x6a0w9mznpe',
          role: 'owner',
          plan: 'free',
          permissions: ['*:*'],
        },
      },
    },
    handle: async (ctx) => whoAmI(ctx.actor),
    respond: (holder) => ok(holder),
  }),
];
