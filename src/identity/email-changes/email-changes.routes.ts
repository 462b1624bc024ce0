import { defineRoute, noContent, type Route } from '../../platform/http/index.ts';
import { PASSWORD_TIME_LIMIT_SECONDS } from '../passwords/index.ts';
import { sessionErrors } from '../sessions/index.ts';
import { signInErrors } from '../sign-in/index.ts';
import { userErrors } from '../users/index.ts';
import { confirmEmailChange } from './confirm-email-change.ts';
import { emailChangeErrors } from './email-changes.errors.ts';
import { CONFIRM_SECONDS, UNDO_SECONDS } from './email-changes.rules.ts';
import { emailChangeTokenSchema, requestEmailChangeSchema } from './email-changes.schemas.ts';
import { requestEmailChange } from './request-email-change.ts';
import { stopEmailChange } from './stop-email-change.ts';

const TOKEN_FROM_EMAIL = { kind: 'public', reason: 'the token from the email is the credential' } as const;
const tokenExample = { token: 'eyJhbGciOiJFZERTQSIsInR5cCI6ImVtYWlsLWNoYW5nZStqd3QifQ.e30.c2ln' };
const hours = CONFIRM_SECONDS / 3_600;
const days = UNDO_SECONDS / 86_400;

export const emailChangeRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: '/api/v1/users/me/email',
    operationId: 'requestEmailChange',
    tag: 'Users',
    summary: 'Request a change of address',
    description:
      'Requests another email address for the current user. The request contains their password. The new address ' +
      `gets an email with a link that confirms the change, valid for ${hours} hours. The old address, if it is ` +
      'verified, gets one with a link that stops the change. The answer is the same when the new address has an ' +
      'account. A new request replaces the earlier one; a change of the password ends it. At most five requests ' +
      'an hour.',
    access: { kind: 'user', reason: 'users manage their own address, whatever their role' },
    limit: 'auth',
    body: {
      schema: requestEmailChangeSchema,
      example: { newEmail: 'ada@lovelace.example', currentPassword: 'correct-tulip-42-window' },
    },
    timeLimitSeconds: PASSWORD_TIME_LIMIT_SECONDS,
    success: { 204: { description: 'An email to the new address follows' } },
    errors: [
      signInErrors.wrongPassword,
      emailChangeErrors.tooManyEmailChanges,
      sessionErrors.sessionEnded,
      userErrors.userNotFound,
    ],
    handle: (ctx, { body }) => requestEmailChange(ctx, body),
    respond: noContent,
  }),
  defineRoute({
    method: 'post',
    path: '/api/v1/auth/email/confirm-change',
    operationId: 'confirmEmailChange',
    tag: 'Authentication',
    summary: 'Confirm a change of address',
    description:
      'Gives a user their new email address, with the token mailed to it. This also verifies the address. ' +
      'Sessions stay. Links for a new password that were mailed to the old address end. If the old address was ' +
      'never verified, the API keys and invitations that the user has made end, too.',
    access: TOKEN_FROM_EMAIL,
    limit: 'auth',
    body: { schema: emailChangeTokenSchema, example: tokenExample },
    success: { 204: { description: 'The address was changed' } },
    errors: [emailChangeErrors.emailChangeInvalid, signInErrors.emailTaken],
    handle: (ctx, { body }) => confirmEmailChange(ctx, body.token),
    respond: noContent,
  }),
  defineRoute({
    method: 'post',
    path: '/api/v1/auth/email/stop-change',
    operationId: 'stopEmailChange',
    tag: 'Authentication',
    summary: 'Stop a change of address',
    description:
      `Stops a change of the email address, or undoes it within ${days} days after it was confirmed, with the token mailed ` +
      'to the old address. The password, all sessions, and the API keys and invitations that were made since the request ' +
      'end; an email with a link for a new password follows. Until then nobody can sign up with the old address.',
    access: TOKEN_FROM_EMAIL,
    limit: 'auth',
    body: { schema: emailChangeTokenSchema, example: tokenExample },
    success: { 204: { description: 'The user has the old address' } },
    errors: [emailChangeErrors.emailChangeInvalid, signInErrors.emailTaken],
    handle: (ctx, { body }) => stopEmailChange(ctx, body.token),
    respond: noContent,
  }),
];
