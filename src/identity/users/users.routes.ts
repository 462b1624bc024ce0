import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { getMe, updateMe } from './update-me.ts';
import { userErrors } from './users.errors.ts';
import { presentUser } from './users.present.ts';
import { updateUserSchema, userExample, userSchema } from './users.schemas.ts';

const tag = 'Users';
const path = '/api/v1/users/me';
const OWN_ACCOUNT = { kind: 'user', reason: 'users manage their own account, whatever their role' } as const;
const userSuccess = { description: 'The user', schema: userSchema, example: userExample };

export const userRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path,
    operationId: 'getMe',
    tag,
    summary: 'Get the current user',
    description: 'Returns the user whose access token is used, with the profile and the email address.',
    access: OWN_ACCOUNT,
    limit: 'api',
    success: { 200: userSuccess },
    errors: [userErrors.userNotFound],
    handle: (ctx) => getMe(ctx),
    respond: (user) => ok(presentUser(user), user.version),
  }),
  defineRoute({
    method: 'patch',
    path,
    operationId: 'updateMe',
    tag,
    summary: 'Update the current user',
    description:
      'Changes the fields that are sent and keeps the others. The email address is changed by ' +
      '`POST /api/v1/users/me/email`. The change is recorded in the audit log of the organization the token is for.',
    access: OWN_ACCOUNT,
    limit: 'api',
    body: { schema: updateUserSchema, example: { name: 'Ada', timeZone: 'Europe/Madrid' } },
    concurrency: true,
    success: { 200: userSuccess },
    errors: [userErrors.userNotFound],
    handle: (ctx, { body, ifMatch }) => updateMe(ctx, body, ifMatch),
    respond: (user) => ok(presentUser(user), user.version),
  }),
];
