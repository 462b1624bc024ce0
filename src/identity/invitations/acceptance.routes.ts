import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { acceptInvitation } from './accept-invitation.ts';
import { invitationErrors } from './invitations.errors.ts';
import {
  acceptedExample,
  acceptedSchema,
  previewExample,
  previewSchema,
  tokenExample,
  tokenSchema,
} from './invitations.schemas.ts';
import { type Preview, previewInvitation } from './read-invitations.ts';

const tag = 'Invitations';

function presentPreview({ invitation, organizationName, inviterName, expired, hasAccount }: Preview) {
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
    body: { schema: tokenSchema, example: tokenExample },
    success: {
      200: { description: 'What it is about', schema: previewSchema, example: previewExample },
    },
    errors: [invitationErrors.notFound, invitationErrors.revoked, invitationErrors.alreadyAccepted],
    handle: (ctx, { body }) => previewInvitation(ctx, body.token),
    respond: (preview) => ok(presentPreview(preview)),
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
    body: { schema: tokenSchema, example: tokenExample },
    idempotent: true,
    success: {
      200: { description: 'The new membership', schema: acceptedSchema, example: acceptedExample },
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
];
