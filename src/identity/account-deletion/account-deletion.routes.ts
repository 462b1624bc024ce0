import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { PASSWORD_TIME_LIMIT_SECONDS } from '../passwords/index.ts';
import { sessionErrors } from '../sessions/index.ts';
import { signInErrors } from '../sign-in/index.ts';
import { userErrors } from '../users/index.ts';
import { accountDeletionErrors } from './account-deletion.errors.ts';
import { GRACE_DAYS } from './account-deletion.rules.ts';
import { accountDeletionSchema, requestDeletionSchema } from './account-deletion.schemas.ts';
import { requestDeletion } from './request-deletion.ts';

export const accountDeletionRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: '/api/v1/users/me/deletion',
    operationId: 'requestAccountDeletion',
    tag: 'Users',
    summary: 'Delete the account',
    description:
      `Schedules the deletion of the current user’s account in ${GRACE_DAYS} days. The request contains their ` +
      'password. All sessions and the invitations that the user has made end at once; API keys belong to ' +
      'organizations and stay. An organization of which the user is the only owner must be transferred or deleted ' +
      'first. Until the account is erased, `POST /api/v1/auth/restore` takes the deletion back. The erasure ' +
      'removes profile, address, memberships, chat messages and contacts; audit logs and calls keep the id ' +
      'without a name.',
    access: { kind: 'user', reason: 'users delete their own account, whatever their role' },
    limit: 'auth',
    body: { schema: requestDeletionSchema, example: { currentPassword: 'correct-tulip-42-window' } },
    timeLimitSeconds: PASSWORD_TIME_LIMIT_SECONDS,
    success: {
      200: {
        description: 'The deletion is scheduled',
        schema: accountDeletionSchema,
        example: { deletesAt: '2026-02-04T09:30:00.000Z' },
      },
    },
    errors: [
      signInErrors.wrongPassword,
      accountDeletionErrors.soleOwner,
      sessionErrors.sessionEnded,
      userErrors.userNotFound,
    ],
    handle: (ctx, { body }) => requestDeletion(ctx, body.currentPassword),
    respond: (deletesAt) => ok({ deletesAt: deletesAt.toISOString() }),
  }),
];
