import { z } from '@hono/zod-openapi';
import { idSchema, pageSchema } from '../../kernel/core/index.ts';
import { PASSWORD_LENGTH } from '../passwords/index.ts';

const MAX_TOKEN_LENGTH = 4_096;

const email = z.email().max(254).toLowerCase().openapi({ example: 'ada@northwind.example' });
const name = z.string().trim().min(1).max(255);
/** Its quality is judged with the address and the name at hand; here only what cannot be a password at all. */
const newPassword = z
  .string()
  .min(1)
  .max(1024)
  .openapi({
    description: `${PASSWORD_LENGTH.min} to ${PASSWORD_LENGTH.max} characters, not a common password, not the address or the name`,
  });
const enteredPassword = z.string().min(1).max(1024);
const refreshToken = z
  .string()
  .regex(/^alr_[\w-]{43}$/, 'must be a refresh token')
  .openapi({ example: 'alr_5u5mK0v1yEo3T8Gq2c9wXH7nRZbJdLsAfPiCtVhQ6kM' });
const mailedToken = z.string().min(1).max(MAX_TOKEN_LENGTH);

export const signUpSchema = z.strictObject({ email, password: newPassword, name });
export const logInSchema = z.strictObject({ email, password: enteredPassword });
export const refreshSchema = z.strictObject({ refreshToken });
export const switchSchema = z.strictObject({ organizationId: idSchema('organization') });
export const changePasswordSchema = z.strictObject({ currentPassword: enteredPassword, newPassword });
export const forgotPasswordSchema = z.strictObject({ email });
export const resetPasswordSchema = z.strictObject({ token: mailedToken, newPassword });
export const verifyEmailSchema = z.strictObject({ token: mailedToken });
export const sessionParamsSchema = z.strictObject({ sessionId: idSchema('session') });

export type SignUp = z.output<typeof signUpSchema>;
export type LogIn = z.output<typeof logInSchema>;
export type ChangePassword = z.output<typeof changePasswordSchema>;
export type ResetPassword = z.output<typeof resetPasswordSchema>;

const locale = z
  .string()
  .max(35)
  .refine((tag) => {
    try {
      return Intl.getCanonicalLocales(tag).length === 1;
    } catch {
      return false;
    }
  }, 'must be a language tag such as en or pt-BR');
const timeZone = z
  .string()
  .max(64)
  .refine((zone) => {
    try {
      return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
    } catch {
      return false;
    }
  }, 'must be a time zone such as Europe/Madrid');
const metadata = z
  .record(z.string().max(64), z.union([z.string().max(1000), z.number(), z.boolean()]))
  .refine((value) => Object.keys(value).length <= 50, 'must have at most 50 entries');

export const updateUserSchema = z
  .strictObject({
    name,
    avatarUrl: z
      .url({ protocol: /^https$/, error: 'must be an https URL' })
      .max(2048)
      .nullable(),
    bio: z.string().trim().max(2000).nullable(),
    locale,
    timeZone,
    metadata,
  })
  .partial()
  .refine((value) => Object.keys(value).length > 0, 'must change something');
export type UpdateUser = z.output<typeof updateUserSchema>;

export const userSchema = z
  .object({
    id: idSchema('user'),
    email: z.string(),
    emailVerified: z.boolean(),
    name: z.string(),
    avatarUrl: z.string().nullable(),
    bio: z.string().nullable(),
    locale: z.string(),
    timeZone: z.string(),
    metadata,
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    lastLoginAt: z.iso.datetime().nullable(),
  })
  .openapi('User');
export type UserView = z.output<typeof userSchema>;

export const grantSchema = z
  .object({
    user: userSchema,
    accessToken: z.string(),
    refreshToken: z.string(),
    expiresInSeconds: z.number().int(),
  })
  .openapi('Grant');
export type GrantView = z.output<typeof grantSchema>;

export const sessionSchema = z
  .object({
    id: idSchema('session'),
    /** Whether the credential of this call belongs to it. */
    current: z.boolean(),
    organizationId: idSchema('organization').nullable(),
    ip: z.string().nullable(),
    userAgent: z.string().nullable(),
    createdAt: z.iso.datetime(),
    lastUsedAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
  })
  .openapi('Session');
export type SessionView = z.output<typeof sessionSchema>;
export const sessionPageSchema = pageSchema(sessionSchema).openapi('SessionPage');

/** What every effect of this room carries; the truth is read again. */
export const userEventSchema = z.strictObject({ userId: idSchema('user') });
/** The address is sealed: it may be anybody's, and an outbox row outlives its purpose. */
export const passwordResetEventSchema = z.strictObject({ sealedEmail: z.string() });

export const userExample: UserView = {
  id: 'usr_01jd3v7q8gf4kr2x6a0w9mznpe',
  email: 'ada@northwind.example',
  emailVerified: true,
  name: 'Ada',
  avatarUrl: null,
  bio: null,
  locale: 'en',
  timeZone: 'UTC',
  metadata: {},
  createdAt: '2026-01-05T09:30:00.000Z',
  updatedAt: '2026-01-05T09:30:00.000Z',
  lastLoginAt: '2026-01-05T09:30:00.000Z',
};

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
