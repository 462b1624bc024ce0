import { entitlementErrors } from '../../identity/entitlements/index.ts';
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
import { joinAsMember } from './join-as-member.ts';
import { joinByLink } from './join-by-link.ts';
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
  entitlementErrors.limitReached,
  accessErrors.removed,
  accessErrors.networkExcluded,
  accessErrors.denied,
  clusterErrors.notConfigured,
];

const admissionReply = (view: { status: 'admitted' } | { status: 'waiting' }, location: string): Reply =>
  view.status === 'admitted' ? ok(view) : { status: 202, body: view, headers: { Location: location } };
const lobbyEntryPath = (roomId: string, view: { status: string; lobbyEntryId?: string }) =>
  `/api/v1/rooms/${roomId}/lobby/${view.lobbyEntryId}`;

export const guestAccessRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: '/api/v1/links/validate/{code}',
    operationId: 'validateLink',
    tag,
    summary: 'Validate a link',
    description:
      'Returns the room that a link leads to and the requirements for joining, and counts the click. Anybody with ' +
      'the code can do this; a link with a password discloses nothing without it. After ten wrong passwords the ' +
      'link is closed to that network for up to ten minutes. After 200 wrong passwords from all networks within ' +
      'an hour, each network has one attempt instead of ten. Right passwords do not count, members are not ' +
      'affected, and a new password resets the counts.',
    access: publicAccess,
    limit: 'api',
    params: codeParamsSchema,
    body: { schema: validateLinkSchema, example: { password: 'tulip window' } },
    success: { 200: { description: 'What the link leads to', schema: visitSchema, example: visitExample } },
    errors: [...entryErrors, linkErrors.restricted],
    handle: (ctx, { params, body }) => validateLink(ctx, params.code, body),
    respond: (visit) => ok(visit),
  }),
  defineRoute({
    method: 'post',
    path: '/api/v1/links/{code}/join',
    operationId: 'joinByLink',
    tag,
    summary: 'Join as a guest',
    description:
      'Joins the room of a link as a guest, without an account. The guest ticket of the answer is a bearer credential for ' +
      'the API, valid in this room for twelve hours. In a room with a lobby, or if the link requires approval, the guest ' +
      'waits (202). Once the socket shows that they are admitted, they call `POST /rooms/{roomId}/token` with the guest ' +
      'ticket. A guest who returns does the same.',
    access: publicAccess,
    limit: 'api',
    params: codeParamsSchema,
    body: {
      schema: joinByLinkSchema,
      example: { name: 'Ada', password: 'tulip window', visitorKey: 'k3mP0zq7Xy2LrT9wVb5NdA' },
    },
    success: {
      200: {
        description: 'The guest is admitted',
        schema: guestAdmissionSchema,
        example: guestAdmissionExample,
      },
      202: {
        description: 'The guest waits in the lobby',
        schema: guestWaitingSchema,
        example: guestWaitingExample,
      },
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
    summary: 'Join as a member',
    description:
      'Joins the room of a link as a member of its organization, under their own identity. A link whose access is ' +
      '`restricted` can be used in this way only. In a room with a lobby, or if the link requires approval, the member ' +
      'may have to wait (202), and then calls `POST /rooms/{roomId}/token`. API keys cannot join through a link.',
    access: { kind: 'permission', permission: 'rooms:join' },
    limit: 'api',
    params: codeParamsSchema,
    body: { schema: joinAsMemberSchema, example: { name: 'Ada', password: 'tulip window' } },
    success: {
      200: { description: 'The member is admitted', schema: admissionSchema, example: admissionExample },
      202: { description: 'The member waits in the lobby', schema: waitingSchema, example: waitingExample },
    },
    errors: joinErrors,
    handle: (ctx, { params, body }) => joinAsMember(ctx, params.code, body),
    respond: ({ admission, roomId }) => admissionReply(admission, lobbyEntryPath(roomId, admission)),
  }),
];
