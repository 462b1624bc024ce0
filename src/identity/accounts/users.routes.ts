import { pageQuerySchema } from '../../kernel/core/index.ts';
import { defineRoute, noContent, ok, type Route } from '../../platform/http/index.ts';
import { accountErrors } from './accounts.errors.ts';
import {
  changePasswordSchema,
  sessionExample,
  sessionPageSchema,
  sessionParamsSchema,
  type SessionView,
  updateUserSchema,
  userExample,
  userSchema,
} from './accounts.schemas.ts';
import { changePassword } from './change-password.ts';
import { presentUser } from './users.present.ts';
import { getMe, updateMe } from './update-me.ts';
import { endSession, listSessions, type OwnSession } from './end-session.ts';
import { requestEmailVerification } from './verify-email.ts';

const tag = 'Users';
const mePath = '/api/v1/users/me';
const OWN_ACCOUNT = {
  kind: 'user',
  reason: 'a person looks after their own account, whatever their role',
} as const;
const userSuccess = { description: 'The person', schema: userSchema, example: userExample };

const presentSession = ({ session, current }: OwnSession): SessionView => ({
  id: session.id,
  current,
  organizationId: session.organizationId,
  ip: session.ip,
  userAgent: session.userAgent,
  createdAt: session.createdAt.toISOString(),
  lastUsedAt: session.updatedAt.toISOString(),
  expiresAt: session.expiresAt.toISOString(),
});

export const userRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: mePath,
    operationId: 'getMe',
    tag,
    summary: 'Read the caller',
    access: OWN_ACCOUNT,
    limit: 'api',
    success: { 200: userSuccess },
    errors: [accountErrors.userNotFound],
    handle: (ctx) => getMe(ctx),
    respond: (user) => ok(presentUser(user), user.version),
  }),
  defineRoute({
    method: 'patch',
    path: mePath,
    operationId: 'updateMe',
    tag,
    summary: 'Change the caller',
    access: OWN_ACCOUNT,
    limit: 'api',
    body: { schema: updateUserSchema, example: { name: 'Ada', timeZone: 'Europe/Madrid' } },
    concurrency: true,
    success: { 200: userSuccess },
    errors: [accountErrors.userNotFound],
    handle: (ctx, { body, ifMatch }) => updateMe(ctx, body, ifMatch),
    respond: (user) => ok(presentUser(user), user.version),
  }),
  defineRoute({
    method: 'post',
    path: `${mePath}/password`,
    operationId: 'changePassword',
    tag,
    summary: 'Change the password; the other sessions end',
    access: OWN_ACCOUNT,
    limit: 'auth',
    body: {
      schema: changePasswordSchema,
      example: { currentPassword: 'correct-tulip-42-window', newPassword: 'another-tulip-43-door' },
    },
    timeLimitSeconds: 30,
    success: { 204: { description: 'Changed' } },
    errors: [accountErrors.wrongPassword, accountErrors.sessionEnded, accountErrors.userNotFound],
    handle: (ctx, { body }) => changePassword(ctx, body),
    respond: noContent,
  }),
  defineRoute({
    method: 'post',
    path: `${mePath}/email/verification`,
    operationId: 'requestEmailVerification',
    tag,
    summary: 'Ask for the mail that confirms the address once more',
    access: OWN_ACCOUNT,
    limit: 'auth',
    success: { 204: { description: 'A mail is under way unless the address is confirmed already' } },
    handle: (ctx) => requestEmailVerification(ctx),
    respond: noContent,
  }),
  defineRoute({
    method: 'get',
    path: `${mePath}/sessions`,
    operationId: 'listSessions',
    tag,
    summary: 'List where the caller is signed in',
    access: OWN_ACCOUNT,
    limit: 'api',
    query: pageQuerySchema,
    success: {
      200: {
        description: 'A page',
        schema: sessionPageSchema,
        example: { data: [sessionExample], nextCursor: null },
      },
    },
    handle: (ctx, { query }) => listSessions(ctx, query),
    respond: ({ data, nextCursor }) => ok({ data: data.map(presentSession), nextCursor }),
  }),
  defineRoute({
    method: 'delete',
    path: `${mePath}/sessions/{sessionId}`,
    operationId: 'endSession',
    tag,
    summary: 'End one of the caller’s sessions',
    access: OWN_ACCOUNT,
    limit: 'api',
    params: sessionParamsSchema,
    success: { 204: { description: 'Ended' } },
    errors: [accountErrors.sessionNotFound],
    handle: (ctx, { params }) => endSession(ctx, params.sessionId),
    respond: noContent,
  }),
];
