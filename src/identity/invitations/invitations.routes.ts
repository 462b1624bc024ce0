import { pageQuerySchema } from '../../kernel/core/index.ts';
import { created, defineRoute, noContent, ok, type Route } from '../../platform/http/index.ts';
import { memberErrors } from '../members/index.ts';
import { organizationErrors } from '../organizations/index.ts';
import { acceptanceRoutes } from './acceptance.routes.ts';
import { resendInvitation, revokeInvitation } from './resend-invitation.ts';
import { createInvitation } from './create-invitation.ts';
import { invitationErrors } from './invitations.errors.ts';
import type { Invitation } from './invitations.rules.ts';
import {
  createInvitationSchema,
  invitationExample,
  invitationListParamsSchema,
  invitationPageSchema,
  invitationParamsSchema,
  invitationSchema,
  type InvitationView,
} from './invitations.schemas.ts';
import { getInvitation, listInvitations } from './read-invitations.ts';

declare module '../../kernel/core/permissions.ts' {
  interface PermissionActions {
    invitations: 'read' | 'write';
  }
}

const tag = 'Invitations';
const listPath = '/api/v1/organizations/{organizationId}/invitations';
const path = `${listPath}/{id}`;
const mayRead = { kind: 'permission', permission: 'invitations:read' } as const;
const mayWrite = { kind: 'permission', permission: 'invitations:write' } as const;
const invitationResponse = {
  description: 'The invitation',
  schema: invitationSchema,
  example: invitationExample,
};

function presentInvitation(invitation: Invitation): InvitationView {
  const { id, email, role, effectiveStatus, invitedBy, acceptedBy, expiresAt, createdAt, updatedAt } =
    invitation;
  return {
    id,
    email,
    role,
    status: effectiveStatus,
    invitedBy,
    acceptedBy,
    expiresAt: expiresAt.toISOString(),
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}

export const invitationRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: listPath,
    operationId: 'createInvitation',
    tag,
    summary: 'Invite an address; a mail with a link follows',
    description:
      'One pending invitation for each address; nobody invites to a role that holds more than they do.',
    access: mayWrite,
    limit: 'api',
    params: invitationListParamsSchema,
    body: { schema: createInvitationSchema, example: { email: 'ada@northwind.example', role: 'member' } },
    idempotent: true,
    success: { 201: invitationResponse },
    errors: [
      organizationErrors.notFound,
      memberErrors.beyondAuthority,
      invitationErrors.alreadyMember,
      invitationErrors.alreadyPending,
      invitationErrors.domainNotAllowed,
      invitationErrors.sentJustNow,
    ],
    handle: (ctx, { params, body }) => createInvitation(ctx, params.organizationId, body),
    respond: (invitation, { params }) =>
      created(
        presentInvitation(invitation),
        `/api/v1/organizations/${params.organizationId}/invitations/${invitation.id}`,
        invitation.version,
      ),
  }),
  defineRoute({
    method: 'get',
    path: listPath,
    operationId: 'listInvitations',
    tag,
    summary: 'List the invitations of the organization',
    access: mayRead,
    limit: 'api',
    params: invitationListParamsSchema,
    query: pageQuerySchema,
    success: {
      200: {
        description: 'A page, in the order they were made',
        schema: invitationPageSchema,
        example: { data: [invitationExample], nextCursor: null },
      },
    },
    errors: [organizationErrors.notFound],
    handle: (ctx, { params, query }) => listInvitations(ctx, params.organizationId, query),
    respond: ({ data, nextCursor }) => ok({ data: data.map(presentInvitation), nextCursor }),
  }),
  defineRoute({
    method: 'get',
    path,
    operationId: 'getInvitation',
    tag,
    summary: 'Read an invitation',
    access: mayRead,
    limit: 'api',
    params: invitationParamsSchema,
    success: { 200: invitationResponse },
    errors: [organizationErrors.notFound, invitationErrors.notFound],
    handle: (ctx, { params }) => getInvitation(ctx, params.organizationId, params.id),
    respond: (invitation) => ok(presentInvitation(invitation), invitation.version),
  }),
  defineRoute({
    method: 'post',
    path: `${path}/resend`,
    operationId: 'resendInvitation',
    tag,
    summary: 'Send an invitation anew; the link sent before is good no more',
    description: 'At most once a minute. An invitation that has expired lives again.',
    access: mayWrite,
    limit: 'api',
    params: invitationParamsSchema,
    idempotent: true,
    success: { 200: invitationResponse },
    errors: [
      organizationErrors.notFound,
      memberErrors.beyondAuthority,
      invitationErrors.notFound,
      invitationErrors.revoked,
      invitationErrors.alreadyAccepted,
      invitationErrors.overtaken,
      invitationErrors.domainNotAllowed,
      invitationErrors.sentJustNow,
    ],
    handle: (ctx, { params }) => resendInvitation(ctx, params.organizationId, params.id),
    respond: (invitation) => ok(presentInvitation(invitation), invitation.version),
  }),
  defineRoute({
    method: 'delete',
    path,
    operationId: 'revokeInvitation',
    tag,
    summary: 'Revoke an invitation',
    access: mayWrite,
    limit: 'api',
    params: invitationParamsSchema,
    concurrency: true,
    success: { 204: { description: 'Revoked; its link is good no more' } },
    errors: [
      organizationErrors.notFound,
      invitationErrors.notFound,
      invitationErrors.revoked,
      invitationErrors.alreadyAccepted,
    ],
    handle: (ctx, { params, ifMatch }) => revokeInvitation(ctx, params.organizationId, params.id, ifMatch),
    respond: noContent,
  }),
  ...acceptanceRoutes,
];
