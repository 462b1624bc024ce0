import { defineRoute, ok, type Reply, type Route } from '../../platform/http/index.ts';
import { accessErrors } from '../access/index.ts';
import {
  admissionExample,
  admissionSchema,
  admissionErrors,
  waitingExample,
  waitingSchema,
} from '../admission/index.ts';
import { clusterErrors } from '../../calls/clusters/index.ts';
import { linkErrors } from '../links/index.ts';
import { joinAsMember, joinByLink } from './join-by-link.ts';
import { validateLink } from './validate-link.ts';
import {
  codeParamsSchema,
  guestAdmissionExample,
  guestAdmissionSchema,
  guestWaitingExample,
  guestWaitingSchema,
  joinAsMemberSchema,
  joinByLinkSchema,
  validateLinkSchema,
  visitExample,
  visitSchema,
} from './guest-access.schemas.ts';

const tag = 'Links';
const publicAccess = { kind: 'public', reason: 'the code of the link is the credential' } as const;

const usabilityErrors = [linkErrors.notFound, linkErrors.inactive, linkErrors.expired, linkErrors.exhausted];
const entryErrors = [
  ...usabilityErrors,
  linkErrors.callEnded,
  linkErrors.passwordRequired,
  linkErrors.wrongPassword,
  linkErrors.tooManyAttempts,
];
const joinErrors = [
  ...entryErrors,
  ...Object.values(admissionErrors),
  accessErrors.removed,
  accessErrors.denied,
  clusterErrors.notConfigured,
];

const admissionReply = (view: { status: 'admitted' } | { status: 'waiting' }, location: string): Reply =>
  view.status === 'admitted' ? ok(view) : { status: 202, body: view, headers: { Location: location } };
const lobbyEntryPath = (roomId: string, view: { status: string; lobbyEntryId?: string }) =>
  `/api/v1/rooms/${roomId}/lobby/${view.lobbyEntryId}`;

/** What the one who follows a link does. */
export const guestAccessRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: '/api/v1/links/validate/{code}',
    operationId: 'validateLink',
    tag,
    summary: 'Say what a link leads to and what it asks for',
    description:
      'Counts that the link was followed. Where it asks for a password, nothing is told without it. ' +
      'Ten wrong passwords from one network close it to that network for up to ten minutes, a hundred to all for up to an hour.',
    access: publicAccess,
    limit: 'api',
    params: codeParamsSchema,
    body: { schema: validateLinkSchema, example: { password: 'tulip window' } },
    success: { 200: { description: 'What it leads to', schema: visitSchema, example: visitExample } },
    errors: [...entryErrors, linkErrors.restricted],
    handle: (ctx, { params, body }) => validateLink(ctx, params.code, body),
    respond: (visit) => ok(visit),
  }),
  defineRoute({
    method: 'post',
    path: '/api/v1/links/{code}/join',
    operationId: 'joinByLink',
    tag,
    summary: 'Join as a guest, or wait in the lobby',
    description:
      'The guest ticket is a bearer credential for the API that opens this room alone. Who waits asks ' +
      '`POST /rooms/{roomId}/token` with it once the socket tells that they are let in; who comes back does the same.',
    access: publicAccess,
    limit: 'api',
    params: codeParamsSchema,
    body: {
      schema: joinByLinkSchema,
      example: { name: 'Ada', password: 'tulip window', visitorKey: 'k3mP0zq7Xy2LrT9wVb5NdA' },
    },
    success: {
      200: { description: 'Let in', schema: guestAdmissionSchema, example: guestAdmissionExample },
      202: { description: 'Waits in the lobby', schema: guestWaitingSchema, example: guestWaitingExample },
    },
    errors: [...joinErrors, linkErrors.restricted],
    handle: (ctx, { params, body }) => joinByLink(ctx, params.code, body),
    respond: (view) => admissionReply(view, lobbyEntryPath(view.roomId, view)),
  }),
  defineRoute({
    method: 'post',
    path: '/api/v1/links/{code}/join-as-member',
    operationId: 'joinAsMember',
    tag,
    summary: "Join as a member of the link's organization, or wait in the lobby",
    description: 'The only way in by a link whose access is restricted.',
    access: { kind: 'permission', permission: 'rooms:read' },
    limit: 'api',
    params: codeParamsSchema,
    body: { schema: joinAsMemberSchema, example: { name: 'Ada', password: 'tulip window' } },
    success: {
      200: { description: 'Let in', schema: admissionSchema, example: admissionExample },
      202: { description: 'Waits in the lobby', schema: waitingSchema, example: waitingExample },
    },
    errors: joinErrors,
    handle: (ctx, { params, body }) => joinAsMember(ctx, params.code, body),
    respond: ({ admission, roomId }) => admissionReply(admission, lobbyEntryPath(roomId, admission)),
  }),
];
