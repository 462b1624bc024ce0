import { created, defineRoute, noContent, ok, type Route } from '../../platform/http/index.ts';
import { accountErrors } from './accounts.errors.ts';
import {
  forgotPasswordSchema,
  grantExample,
  grantSchema,
  logInSchema,
  refreshSchema,
  resetPasswordSchema,
  signUpSchema,
  switchSchema,
  userExample,
  verifyEmailSchema,
} from './accounts.schemas.ts';
import { logIn } from './log-in.ts';
import { presentGrant } from './users.present.ts';
import { refreshSession, switchOrganization } from './refresh-session.ts';
import { resetPassword } from './reset-password.ts';
import { requestPasswordReset } from './request-password-reset.ts';
import { logOut } from './end-session.ts';
import { signUp } from './sign-up.ts';
import { verifyEmail } from './verify-email.ts';

const tag = 'Authentication';
const PASSWORD_TIME_LIMIT_SECONDS = 30;
const examplePassword = 'correct-tulip-42-window';

const grantSuccess = { description: 'Signed in', schema: grantSchema, example: grantExample };

export const authRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: '/api/v1/auth/signup',
    operationId: 'signUp',
    tag,
    summary: 'Make an account and a first organization, and sign in',
    access: { kind: 'public', reason: 'who signs up has no credential yet' },
    limit: 'auth',
    body: {
      schema: signUpSchema,
      example: { email: userExample.email, password: examplePassword, name: userExample.name },
    },
    idempotent: true,
    idempotencyScope: async ({ email }, { hasher }) => `email:${await hasher.hash('email', email)}`,
    timeLimitSeconds: PASSWORD_TIME_LIMIT_SECONDS,
    success: { 201: grantSuccess },
    errors: [accountErrors.emailTaken],
    handle: (ctx, { body }) => signUp(ctx, body),
    respond: (grant) => created(presentGrant(grant), '/api/v1/users/me'),
  }),
  defineRoute({
    method: 'post',
    path: '/api/v1/auth/login',
    operationId: 'logIn',
    tag,
    summary: 'Sign in with e-mail address and password',
    access: { kind: 'public', reason: 'signing in is how one gets a credential' },
    limit: 'auth',
    body: { schema: logInSchema, example: { email: userExample.email, password: examplePassword } },
    timeLimitSeconds: PASSWORD_TIME_LIMIT_SECONDS,
    success: { 200: grantSuccess },
    errors: [accountErrors.invalidCredentials],
    handle: (ctx, { body }) => logIn(ctx, body),
    respond: (grant) => ok(presentGrant(grant)),
  }),
  defineRoute({
    method: 'post',
    path: '/api/v1/auth/refresh',
    operationId: 'refreshSession',
    tag,
    summary: 'Exchange a refresh token for the next one and a new access token',
    description:
      'Each refresh token is good once. With an Idempotency-Key a call whose answer was lost may be repeated.',
    access: { kind: 'public', reason: 'the refresh token is the credential' },
    // Nobody guesses a token of 256 bits, and an office behind one address refreshes all the time.
    limit: 'api',
    body: { schema: refreshSchema, example: { refreshToken: grantExample.refreshToken } },
    idempotent: true,
    idempotencyScope: async ({ refreshToken }, { hasher }) =>
      `refresh:${await hasher.hash('refresh', refreshToken)}`,
    success: { 200: grantSuccess },
    errors: [
      accountErrors.refreshTokenInvalid,
      accountErrors.refreshTokenReused,
      accountErrors.refreshInProgress,
    ],
    handle: (ctx, { body }) => refreshSession(ctx, body.refreshToken),
    respond: (grant) => ok(presentGrant(grant)),
  }),
  defineRoute({
    method: 'post',
    path: '/api/v1/auth/switch',
    operationId: 'switchOrganization',
    tag,
    summary: 'Go on in another organization',
    access: { kind: 'user', reason: 'a person enters any organization they are a member of' },
    limit: 'api',
    body: { schema: switchSchema, example: { organizationId: 'org_01jd3v7q8gf4kr2x6a0w9mznpe' } },
    success: { 200: grantSuccess },
    errors: [accountErrors.notAMember, accountErrors.sessionEnded],
    handle: (ctx, { body }) => switchOrganization(ctx, body.organizationId),
    respond: (grant) => ok(presentGrant(grant)),
  }),
  defineRoute({
    method: 'post',
    path: '/api/v1/auth/logout',
    operationId: 'logOut',
    tag,
    summary: 'End the session',
    access: { kind: 'user', reason: 'a person ends their own session' },
    limit: 'api',
    success: { 204: { description: 'Ended; its refresh token is good no more' } },
    handle: (ctx) => logOut(ctx),
    respond: noContent,
  }),
  defineRoute({
    method: 'post',
    path: '/api/v1/auth/password/forgot',
    operationId: 'forgotPassword',
    tag,
    summary: 'Ask for a mail with which to choose a new password',
    access: { kind: 'public', reason: 'who forgot the password cannot sign in' },
    limit: 'auth',
    body: { schema: forgotPasswordSchema, example: { email: userExample.email } },
    success: { 204: { description: 'A mail is under way if anybody has the address' } },
    handle: (ctx, { body }) => requestPasswordReset(ctx, body.email),
    respond: noContent,
  }),
  defineRoute({
    method: 'post',
    path: '/api/v1/auth/password/reset',
    operationId: 'resetPassword',
    tag,
    summary: 'Choose a new password with the token out of the mail',
    access: { kind: 'public', reason: 'the token out of the mail is the credential' },
    limit: 'auth',
    body: {
      schema: resetPasswordSchema,
      example: { token: 'Yk3v0sTq8mZrW1bN5xLdHc7P', newPassword: examplePassword },
    },
    timeLimitSeconds: PASSWORD_TIME_LIMIT_SECONDS,
    success: { 204: { description: 'Changed; all sessions have ended' } },
    errors: [accountErrors.resetTokenInvalid],
    handle: (ctx, { body }) => resetPassword(ctx, body),
    respond: noContent,
  }),
  defineRoute({
    method: 'post',
    path: '/api/v1/auth/email/verify',
    operationId: 'verifyEmail',
    tag,
    summary: 'Confirm the e-mail address with the token out of the mail',
    access: { kind: 'public', reason: 'the token out of the mail is the credential' },
    limit: 'auth',
    body: { schema: verifyEmailSchema, example: { token: grantExample.accessToken } },
    success: { 204: { description: 'Confirmed' } },
    errors: [accountErrors.verificationTokenInvalid],
    handle: (ctx, { body }) => verifyEmail(ctx, body.token),
    respond: noContent,
  }),
];
