import { created, defineRoute, noContent, ok, type Route } from '../../platform/http/index.ts';
import { PASSWORD_TIME_LIMIT_SECONDS } from '../passwords/index.ts';
import { grantSuccess, presentGrant, sessionErrors } from '../sessions/index.ts';
import { userErrors, userExample } from '../users/index.ts';
import { changePassword } from './change-password.ts';
import { logIn, restoreAccount } from './log-in.ts';
import { signInErrors } from './sign-in.errors.ts';
import { changePasswordSchema, logInSchema, signUpSchema } from './sign-in.schemas.ts';
import { signUp } from './sign-up.ts';

const examplePassword = 'correct-tulip-42-window';

export const signInRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: '/api/v1/auth/signup',
    operationId: 'signUp',
    tag: 'Authentication',
    summary: 'Sign up',
    description:
      'Creates a user and a first organization with the user as its owner, and signs the user in. An email with a ' +
      'link that verifies the address follows.',
    access: { kind: 'public', reason: 'a new user has no credential yet' },
    limit: 'auth',
    body: {
      schema: signUpSchema,
      example: { email: userExample.email, password: examplePassword, name: userExample.name },
    },
    idempotent: true,
    idempotencyScope: async ({ email }, { hasher }) => `email:${await hasher.hash('email', email)}`,
    timeLimitSeconds: PASSWORD_TIME_LIMIT_SECONDS,
    success: { 201: grantSuccess },
    errors: [signInErrors.emailTaken],
    handle: (ctx, { body }) => signUp(ctx, body),
    respond: (grant) => created(presentGrant(grant), '/api/v1/users/me'),
  }),
  defineRoute({
    method: 'post',
    path: '/api/v1/auth/login',
    operationId: 'logIn',
    tag: 'Authentication',
    summary: 'Log in',
    description:
      'Signs a user in with email address and password and starts a session, in the organization the user used last ' +
      'or else in the one they joined first. A wrong password and an unknown address get the same answer.',
    access: { kind: 'public', reason: 'a user gets a credential by logging in' },
    limit: 'auth',
    body: { schema: logInSchema, example: { email: userExample.email, password: examplePassword } },
    timeLimitSeconds: PASSWORD_TIME_LIMIT_SECONDS,
    success: { 200: grantSuccess },
    errors: [signInErrors.invalidCredentials, signInErrors.deletionScheduled],
    handle: (ctx, { body }) => logIn(ctx, body),
    respond: (grant) => ok(presentGrant(grant)),
  }),
  defineRoute({
    method: 'post',
    path: '/api/v1/auth/restore',
    operationId: 'restoreAccount',
    tag: 'Authentication',
    summary: 'Restore a deleted account',
    description:
      'Takes back the deletion of the account that its user requested, until it is erased, and signs the user in as ' +
      '`POST /api/v1/auth/login` does. Memberships and profile are as before; sessions and invitations that ended with the ' +
      'request stay ended.',
    access: { kind: 'public', reason: 'all sessions of the account have ended' },
    limit: 'auth',
    body: { schema: logInSchema, example: { email: userExample.email, password: examplePassword } },
    timeLimitSeconds: PASSWORD_TIME_LIMIT_SECONDS,
    success: { 200: grantSuccess },
    errors: [signInErrors.invalidCredentials],
    handle: (ctx, { body }) => restoreAccount(ctx, body),
    respond: (grant) => ok(presentGrant(grant)),
  }),
  defineRoute({
    method: 'post',
    path: '/api/v1/users/me/password',
    operationId: 'changePassword',
    tag: 'Users',
    summary: 'Change the password',
    description:
      'Replaces the password of the current user, who must send the current one. All other sessions end, pending ' +
      'password resets can no longer be used, and an email informs the user of the change.',
    access: { kind: 'user', reason: 'users manage their own password, whatever their role' },
    limit: 'auth',
    body: {
      schema: changePasswordSchema,
      example: { currentPassword: examplePassword, newPassword: 'another-tulip-43-curtain' },
    },
    timeLimitSeconds: PASSWORD_TIME_LIMIT_SECONDS,
    success: { 204: { description: 'The password was changed' } },
    errors: [signInErrors.wrongPassword, sessionErrors.sessionEnded, userErrors.userNotFound],
    handle: (ctx, { body }) => changePassword(ctx, body),
    respond: noContent,
  }),
];
