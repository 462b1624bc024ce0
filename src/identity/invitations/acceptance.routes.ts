import { PASSWORD_TIME_LIMIT_SECONDS } from '../passwords/index.ts';
import { grantSuccess, presentGrant } from '../sessions/index.ts';
import { signInErrors } from '../sign-in/index.ts';
import { created, defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { acceptInvitation } from './accept-invitation.ts';
import { acceptAsNewUser } from './accept-as-new-user.ts';
import { hashInvitationToken } from './invitation-token.ts';
import { invitationErrors } from './invitations.errors.ts';
import {
  acceptedInvitationExample,
  acceptedInvitationSchema,
  acceptAsNewUserExample,
  acceptAsNewUserSchema,
  invitationPreviewExample,
  invitationPreviewSchema,
  invitationTokenExample,
  invitationTokenSchema,
} from './invitations.schemas.ts';
import { type InvitationPreview, previewInvitation } from './read-invitations.ts';

const tag = 'Invitations';

function presentInvitationPreview({
  invitation,
  organizationName,
  inviterName,
  expired,
  hasAccount,
}: InvitationPreview) {
  const { role, email, expiresAt } = invitation;
  return {
    organizationName,
    inviterName,
    role,
    email,
    expiresAt: expiresAt.toISOString(),
    expired,
    hasAccount,
  };
}

/** What the one who was invited does with the token out of the mail. */
export const acceptanceRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: '/api/v1/invitations/preview',
    operationId: 'previewInvitation',
    tag,
    summary: 'Say what an invitation is about',
    access: { kind: 'public', reason: 'the token out of the mail is the credential' },
    limit: 'auth',
    body: { schema: invitationTokenSchema, example: invitationTokenExample },
    success: {
      200: {
        description: 'What it is about',
        schema: invitationPreviewSchema,
        example: invitationPreviewExample,
      },
    },
    errors: [invitationErrors.notFound, invitationErrors.revoked, invitationErrors.alreadyAccepted],
    handle: (ctx, { body }) => previewInvitation(ctx, body.token),
    respond: (preview) => ok(presentInvitationPreview(preview)),
  }),
  defineRoute({
    method: 'post',
    path: '/api/v1/invitations/accept',
    operationId: 'acceptInvitation',
    tag,
    summary: 'Accept an invitation as the person who is signed in',
    description:
      'The invitation must be for their address. `POST /api/v1/auth/switch` then enters the organization.',
    access: { kind: 'user', reason: 'the person joins another organization than the token is for' },
    limit: 'api',
    body: { schema: invitationTokenSchema, example: invitationTokenExample },
    idempotent: true,
    success: {
      200: {
        description: 'The new membership',
        schema: acceptedInvitationSchema,
        example: acceptedInvitationExample,
      },
    },
    errors: [
      invitationErrors.notFound,
      invitationErrors.revoked,
      invitationErrors.alreadyAccepted,
      invitationErrors.alreadyMember,
      invitationErrors.expired,
      invitationErrors.emailMismatch,
      invitationErrors.domainNotAllowed,
      invitationErrors.overtaken,
    ],
    handle: (ctx, { body }) => acceptInvitation(ctx, body.token),
    respond: (accepted) => ok(accepted),
  }),
  defineRoute({
    method: 'post',
    path: '/api/v1/invitations/accept-new',
    operationId: 'acceptInvitationAsNewPerson',
    tag,
    summary: 'Accept an invitation by making an account for its address, and sign in',
    description:
      'The token proves the address: the account is verified. The person gets no organization of their own.',
    access: { kind: 'public', reason: 'the token out of the mail is the credential' },
    limit: 'auth',
    body: { schema: acceptAsNewUserSchema, example: acceptAsNewUserExample },
    idempotent: true,
    idempotencyScope: async ({ token }, services) =>
      `invitation:${await hashInvitationToken(services, token)}`,
    timeLimitSeconds: PASSWORD_TIME_LIMIT_SECONDS,
    success: { 201: grantSuccess },
    errors: [
      signInErrors.emailTaken,
      invitationErrors.notFound,
      invitationErrors.revoked,
      invitationErrors.alreadyAccepted,
      invitationErrors.expired,
      invitationErrors.domainNotAllowed,
      invitationErrors.overtaken,
    ],
    handle: (ctx, { body }) => acceptAsNewUser(ctx, body),
    respond: (grant) => created(presentGrant(grant), '/api/v1/users/me'),
  }),
];
