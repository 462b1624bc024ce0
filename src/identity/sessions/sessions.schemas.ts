import { z } from '@hono/zod-openapi';
import { idSchema, pageSchema } from '../../kernel/core/index.ts';
import { userExample, userSchema } from '../users/index.ts';

export const refreshSchema = z.strictObject({
  refreshToken: z
    .string()
    .regex(/^alr_[\w-]{43}$/, 'must be a refresh token')
    .openapi({
      description: 'The newest refresh token of the session: `alr_` and 43 characters. It can be used once.',
      example: 'alr_5u5mK0v1yEo3T8Gq2c9wXH7nRZbJdLsAfPiCtVhQ6kM',
    }),
});
export const switchSchema = z.strictObject({
  organizationId: idSchema('organization').openapi({
    description: 'Id of an organization in which you are an active member.',
  }),
});
export const sessionParamsSchema = z.strictObject({
  sessionId: idSchema('session').openapi({ description: 'Id of the session.' }),
});

export const grantSchema = z
  .object({
    user: userSchema,
    accessToken: z.string().openapi({
      description:
        'Bearer token for the API: a signed JWT for the user, the session and, if there is one, the organization.',
    }),
    refreshToken: z.string().openapi({
      description: 'Exchange it for the next pair of tokens before the session expires. It can be used once.',
    }),
    expiresInSeconds: z
      .number()
      .int()
      .openapi({ description: 'Seconds for which the access token is valid from now on.' }),
  })
  .openapi('Grant');
export type GrantView = z.output<typeof grantSchema>;

export const sessionSchema = z
  .object({
    id: idSchema('session').openapi({ description: 'Id of the session.' }),
    current: z
      .boolean()
      .openapi({ description: 'Whether this request was made with a token of the session.' }),
    organizationId: idSchema('organization').nullable().openapi({
      description: 'Id of the organization the session is in; null for a user without an organization.',
    }),
    ip: z.string().nullable().openapi({
      description: 'IP address from which the user signed in; null when it is not known.',
    }),
    userAgent: z.string().nullable().openapi({
      description: '`User-Agent` header of the sign-in; null when there was none.',
    }),
    createdAt: z.iso.datetime().openapi({ description: 'When the user signed in.' }),
    lastUsedAt: z.iso.datetime().openapi({ description: 'When the session was last refreshed or switched.' }),
    expiresAt: z.iso.datetime().openapi({
      description: 'When the session ends unless it is refreshed before.',
    }),
  })
  .openapi('Session');
export type SessionView = z.output<typeof sessionSchema>;
export const sessionPageSchema = pageSchema(sessionSchema).openapi('SessionPage');

export const grantExample: GrantView = {
  user: userExample,
  accessToken: 'eyJhbGciOiJFZERTQSIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiJ1c3JfMDFqZCJ9.c2ln',
  refreshToken: 'alr_5u5mK0v1yEo3T8Gq2c9wXH7nRZbJdLsAfPiCtVhQ6kM',
  expiresInSeconds: 300,
};

export const sessionExample: SessionView = {
  id: 'ses_01jd3v7q8gf4kr2x6a0w9mznpe',
  current: true,
  organizationId: 'org_01jd3v7q8gf4kr2x6a0w9mznpe',
  ip: '203.0.113.7',
  userAgent: 'Mozilla/5.0',
  createdAt: '2026-01-05T09:30:00.000Z',
  lastUsedAt: '2026-01-05T10:10:00.000Z',
  expiresAt: '2026-01-12T10:10:00.000Z',
};

/** The success response of every operation that signs in. */
export const grantSuccess = {
  description: 'The user and the tokens of the session',
  schema: grantSchema,
  example: grantExample,
};

export const endAllSessionsSchema = z.strictObject({
  exceptCurrent: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true')
    .openapi({
      type: 'string',
      enum: ['true', 'false'],
      default: 'false',
      description: '`true` keeps the session of the request.',
      example: 'true',
    }),
});
