import { orderedPageQuerySchema } from '../../kernel/core/index.ts';
import { defineRoute, noContent, ok, type Route } from '../../platform/http/index.ts';
import { endAllSessions, endSession, logOut } from './end-session.ts';
import { listSessions } from './read-sessions.ts';
import { refreshSession } from './refresh-session.ts';
import { sessionErrors } from './sessions.errors.ts';
import { presentGrant, presentSession } from './sessions.present.ts';
import {
  endAllSessionsSchema,
  grantExample,
  grantSuccess,
  refreshSchema,
  sessionExample,
  sessionPageSchema,
  sessionParamsSchema,
  switchSchema,
} from './sessions.schemas.ts';
import { switchOrganization } from './switch-organization.ts';

const sessionsPath = '/api/v1/users/me/sessions';
const OWN_ACCOUNT = { kind: 'user', reason: 'users manage their own sessions, whatever their role' } as const;

export const sessionRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: '/api/v1/auth/refresh',
    operationId: 'refreshSession',
    tag: 'Authentication',
    summary: 'Refresh a session',
    description:
      'Exchanges a refresh token for a new access token and the next refresh token. Each refresh token can be used ' +
      'once. A second use within 10 seconds answers 409 and changes nothing; a later second use is treated as theft ' +
      'and ends the session. Send an `Idempotency-Key` so that a request whose response was lost can be repeated.',
    access: { kind: 'public', reason: 'the refresh token is the credential' },
    // A token of 256 bits cannot be guessed, and an office behind one IP address refreshes all the time.
    limit: 'api',
    body: { schema: refreshSchema, example: { refreshToken: grantExample.refreshToken } },
    idempotent: true,
    idempotencyScope: async ({ refreshToken }, { hasher }) =>
      `refresh:${await hasher.hash('refresh', refreshToken)}`,
    success: { 200: grantSuccess },
    errors: [
      sessionErrors.refreshTokenInvalid,
      sessionErrors.refreshTokenReused,
      sessionErrors.refreshInProgress,
    ],
    handle: (ctx, { body }) => refreshSession(ctx, body.refreshToken),
    respond: (grant) => ok(presentGrant(grant)),
  }),
  defineRoute({
    method: 'post',
    path: '/api/v1/auth/switch',
    operationId: 'switchOrganization',
    tag: 'Authentication',
    summary: 'Switch organization',
    description:
      'Continues the session in another organization of which the user is an active member, and returns new tokens. ' +
      'The former refresh token can no longer be used; the next log-in starts in this organization.',
    access: { kind: 'user', reason: 'users switch to any organization they are a member of' },
    limit: 'api',
    body: { schema: switchSchema, example: { organizationId: 'org_01jd3v7q8gf4kr2x6a0w9mznpe' } },
    success: { 200: grantSuccess },
    errors: [sessionErrors.notAMember, sessionErrors.sessionEnded],
    handle: (ctx, { body }) => switchOrganization(ctx, body.organizationId),
    respond: (grant) => ok(presentGrant(grant)),
  }),
  defineRoute({
    method: 'post',
    path: '/api/v1/auth/logout',
    operationId: 'logOut',
    tag: 'Authentication',
    summary: 'Log out',
    description:
      'Ends the session of the access token. Its refresh token and its access tokens can no longer be used, so a second ' +
      'call is refused with `auth.invalid_token`.',
    access: OWN_ACCOUNT,
    limit: 'api',
    success: { 204: { description: 'The session has ended' } },
    handle: (ctx) => logOut(ctx),
    respond: noContent,
  }),
  defineRoute({
    method: 'get',
    path: sessionsPath,
    operationId: 'listSessions',
    tag: 'Users',
    summary: 'List sessions',
    description:
      'Lists the active sessions of the current user, by default the oldest first, with device and IP address.',
    access: OWN_ACCOUNT,
    limit: 'api',
    query: orderedPageQuerySchema,
    success: {
      200: {
        description: 'A page of sessions',
        schema: sessionPageSchema,
        example: { data: [sessionExample], nextCursor: null },
      },
    },
    handle: (ctx, { query }) => listSessions(ctx, query),
    respond: ({ data, nextCursor }) => ok({ data: data.map(presentSession), nextCursor }),
  }),
  defineRoute({
    method: 'delete',
    path: sessionsPath,
    operationId: 'endAllSessions',
    tag: 'Users',
    summary: 'End all sessions',
    description:
      'Signs the current user out on all devices: the refresh tokens and access tokens of an ended session can no ' +
      'longer be used, and its sockets are closed. With `exceptCurrent` the session of the request continues.',
    access: OWN_ACCOUNT,
    limit: 'api',
    query: endAllSessionsSchema,
    success: { 204: { description: 'The sessions have ended' } },
    handle: (ctx, { query }) => endAllSessions(ctx, query.exceptCurrent),
    respond: noContent,
  }),
  defineRoute({
    method: 'delete',
    path: `${sessionsPath}/{sessionId}`,
    operationId: 'endSession',
    tag: 'Users',
    summary: 'End a session',
    description:
      'Ends one of the current user’s sessions, such as that of a lost device. Its refresh token and ' +
      'its access tokens can no longer be used.',
    access: OWN_ACCOUNT,
    limit: 'api',
    params: sessionParamsSchema,
    success: { 204: { description: 'The session has ended' } },
    errors: [sessionErrors.sessionNotFound],
    handle: (ctx, { params }) => endSession(ctx, params.sessionId),
    respond: noContent,
  }),
];
