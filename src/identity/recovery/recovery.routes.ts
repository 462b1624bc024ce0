import { defineRoute, noContent, type Route } from '../../platform/http/index.ts';
import { PASSWORD_TIME_LIMIT_SECONDS } from '../passwords/index.ts';
import { userExample } from '../users/index.ts';
import { recoveryErrors } from './recovery.errors.ts';
import { forgotPasswordSchema, resetPasswordSchema, verifyEmailSchema } from './recovery.schemas.ts';
import { requestPasswordReset } from './request-password-reset.ts';
import { resetPassword } from './reset-password.ts';
import { requestEmailVerification, verifyEmail } from './verify-email.ts';

const TOKEN_FROM_EMAIL = { kind: 'public', reason: 'the token from the email is the credential' } as const;

export const recoveryRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: '/api/v1/auth/password/forgot',
    operationId: 'forgotPassword',
    tag: 'Authentication',
    summary: 'Request a password reset',
    description:
      'Sends an email with a link for choosing a new password, valid for an hour, if the address has an account. The ' +
      'answer is the same when it has none. At most five such emails go to one address in an hour.',
    access: { kind: 'public', reason: 'a user who forgot the password cannot sign in' },
    limit: 'auth',
    body: { schema: forgotPasswordSchema, example: { email: userExample.email } },
    success: { 204: { description: 'An email follows if the address has an account' } },
    handle: (ctx, { body }) => requestPasswordReset(ctx, body.email),
    respond: noContent,
  }),
  defineRoute({
    method: 'post',
    path: '/api/v1/auth/password/reset',
    operationId: 'resetPassword',
    tag: 'Authentication',
    summary: 'Reset the password',
    description:
      'Sets a new password with the token from the email. The token can be used once, within an hour, unless the ' +
      'password was changed after the token was requested. All sessions of the user end, and the address is verified. ' +
      'If it was not verified before, the API keys and invitations that the user has made end, too.',
    access: TOKEN_FROM_EMAIL,
    limit: 'auth',
    body: {
      schema: resetPasswordSchema,
      example: {
        token: 'Yk3v0sTq8mZrW1bN5xLdHc7P',
        newPassword: 'correct-tulip-42-window',
      },
    },
    timeLimitSeconds: PASSWORD_TIME_LIMIT_SECONDS,
    success: { 204: { description: 'The password was changed and all sessions have ended' } },
    errors: [recoveryErrors.resetTokenInvalid],
    handle: (ctx, { body }) => resetPassword(ctx, body),
    respond: noContent,
  }),
  defineRoute({
    method: 'post',
    path: '/api/v1/auth/email/verify',
    operationId: 'verifyEmail',
    tag: 'Authentication',
    summary: 'Verify an email address',
    description:
      'Marks the email address of a user as verified, with the token from the email. The token is valid for three ' +
      'days and as long as the address does not change; verifying twice changes nothing. API keys and invitations that ' +
      'the user has made before end.',
    access: TOKEN_FROM_EMAIL,
    limit: 'auth',
    body: {
      schema: verifyEmailSchema,
      example: { token: 'eyJhbGciOiJFZERTQSIsInR5cCI6ImVtYWlsLXZlcmlmaWNhdGlvbitqd3QifQ.e30.c2ln' },
    },
    success: { 204: { description: 'The address is verified' } },
    errors: [recoveryErrors.verificationTokenInvalid],
    handle: (ctx, { body }) => verifyEmail(ctx, body.token),
    respond: noContent,
  }),
  defineRoute({
    method: 'post',
    path: '/api/v1/users/me/email/verification',
    operationId: 'requestEmailVerification',
    tag: 'Users',
    summary: 'Request email verification',
    description:
      'Sends another email with a link that verifies the address of the current user, unless it is verified. At most ' +
      'five such emails are sent in an hour.',
    access: { kind: 'user', reason: 'users verify their own address, whatever their role' },
    limit: 'auth',
    success: { 204: { description: 'An email follows unless the address is verified' } },
    handle: (ctx) => requestEmailVerification(ctx),
    respond: noContent,
  }),
];
