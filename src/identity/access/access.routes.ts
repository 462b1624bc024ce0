import { z } from '@hono/zod-openapi';
import { type Actor, authErrors } from '../../kernel/core/index.ts';
import { defineRoute, ok, type Route } from '../../platform/http/index.ts';

const whoAmISchema = z
  .object({
    kind: z.enum(['user', 'apiKey']).openapi({ description: 'Kind of the credential’s holder.' }),
    id: z.string().openapi({ description: 'Id of the user or of the API key.' }),
    organizationId: z.string().nullable().openapi({
      description: 'Id of the organization the credential is for; null for a user without an organization.',
    }),
    role: z.string().nullable().openapi({
      description: 'Role of the user in the organization; null for an API key and without an organization.',
    }),
    plan: z.string().nullable().openapi({
      description: 'Plan of the organization; null without an organization.',
    }),
    permissions: z.array(z.string()).openapi({
      description: 'What the credential permits, as `resource:action`; `*` stands for all.',
    }),
  })
  .openapi('WhoAmI');

type WhoAmI = z.output<typeof whoAmISchema>;

/** The holder of a credential, from the credential alone. @throws AppError `auth.forbidden` or `auth.required` */
function whoAmI(actor: Actor): WhoAmI {
  switch (actor.kind) {
    case 'user':
      return {
        kind: 'user',
        id: actor.userId,
        organizationId: actor.organizationId,
        role: actor.role,
        plan: actor.plan,
        permissions: [...actor.permissions],
      };
    case 'apiKey':
      return {
        kind: 'apiKey',
        id: actor.apiKeyId,
        organizationId: actor.organizationId,
        role: null,
        plan: actor.plan,
        permissions: [...actor.permissions],
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
    summary: 'Get the current credential',
    description:
      'Returns the holder of the access token or API key, its organization and its permissions, as the credential ' +
      'states them. Nothing is looked up: a change of role shows with the next access token.',
    access: { kind: 'credential', reason: 'every credential may be inspected by its holder' },
    limit: 'api',
    success: {
      200: {
        description: 'The holder of the credential',
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
