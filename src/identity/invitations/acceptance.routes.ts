import { entitlementErrors } from '../entitlements/index.ts';
import { PASSWORD_TIME_LIMIT_SECONDS } from '../passwords/index.ts';
import { grantSuccess, presentGrant } from '../sessions/index.ts';
import { signInErrors } from '../sign-in/index.ts';
import { created, defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { acceptInvitation } from './accept-invitation.ts';
import { acceptAsNewUser } from './accept-as-new-user.ts';
import { hashInvitationToken } from './invitation-token.ts';
import { invitationErrors } from './invitations.errors.ts';
import { presentInvitationPreview } from './invitations.present.ts';
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
import { previewInvitation } from './read-invitations.ts';

const tag = 'Invitations';
const TOKEN_FROM_EMAIL = { kind: 'public', reason: 'the token from the email is the credential' } as const;

/** The operations for the invited person, who has the token from the email. */
export const acceptanceRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: '/api/v1/invitations/preview',
    operationId: 'previewInvitation',
    tag,
    summary: 'Preview an invitation',
    description:
      'Returns which organization and role an invitation offers, and whether its address has an account, to a ' +
      'caller who has the token. Nothing changes.',
    access: TOKEN_FROM_EMAIL,
    limit: 'auth',
    body: { schema: invitationTokenSchema, example: invitationTokenExample },
    success: {
      200: {
        description: 'The offer of the invitation',
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
    summary: 'Accept an invitation',
    description:
      'Makes the current user a member of the organization. The invitation must be for the user’s email address. Call ' +
      '`POST /api/v1/auth/switch` afterwards to work in the organization.',
    access: { kind: 'user', reason: 'the user joins another organization than the access token is for' },
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
      entitlementErrors.limitReached,
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
    summary: 'Accept as a new user',
    description:
      'Creates a user for the address of the invitation, makes the user a member of the organization and signs the ' +
      'user in to it. The token verifies the address. The user gets no organization of their own.',
    access: TOKEN_FROM_EMAIL,
    limit: 'auth',
    body: { schema: acceptAsNewUserSchema, example: acceptAsNewUserExample },
    idempotent: true,
    idempotencyScope: async ({ token }, services) =>
      `invitation:${await hashInvitationToken(services, token)}`,
    timeLimitSeconds: PASSWORD_TIME_LIMIT_SECONDS,
    success: { 201: grantSuccess },
    errors: [
      entitlementErrors.limitReached,
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
