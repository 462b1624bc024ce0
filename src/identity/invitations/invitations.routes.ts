import { entitlementErrors } from '../entitlements/index.ts';
import { orderedPageQuerySchema } from '../../kernel/core/index.ts';
import { created, defineRoute, noContent, ok, type Route } from '../../platform/http/index.ts';
import { MAIL_BUDGETS } from '../../platform/mail/index.ts';
import { memberErrors } from '../members/index.ts';
import { organizationErrors } from '../organizations/index.ts';
import { createInvitation } from './create-invitation.ts';
import { invitationErrors } from './invitations.errors.ts';
import { presentInvitation } from './invitations.present.ts';
import {
  createInvitationSchema,
  invitationExample,
  invitationListParamsSchema,
  invitationPageSchema,
  invitationParamsSchema,
  invitationSchema,
} from './invitations.schemas.ts';
import { getInvitation, listInvitations } from './read-invitations.ts';
import { resendInvitation, revokeInvitation } from './change-invitation.ts';

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
const { invitationsBySender, invitationsByOrganization, invitationsToMailbox } = MAIL_BUDGETS;
const SENDING_RULES =
  'A user must have verified their own email address; for an API key, an owner of the organization must have ' +
  `verified theirs. On the free plan one sender invites at most ${invitationsBySender.limit} times an hour and an ` +
  `organization ${invitationsByOrganization.limit} times a day. One address gets at most ` +
  `${invitationsToMailbox.limit} invitations an hour from all organizations together.`;
const invitationSuccess = {
  description: 'The invitation',
  schema: invitationSchema,
  example: invitationExample,
};

export const invitationRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: listPath,
    operationId: 'createInvitation',
    tag,
    summary: 'Create an invitation',
    description:
      'Invites an email address to the organization; an email with a link follows. An address has at most one pending ' +
      'invitation. You cannot offer a role with permissions that you do not have, nor invite an address whose domain ' +
      'the organization does not allow. ' +
      SENDING_RULES,
    access: mayWrite,
    limit: 'api',
    params: invitationListParamsSchema,
    body: { schema: createInvitationSchema, example: { email: 'ada@northwind.example', role: 'member' } },
    idempotent: true,
    success: { 201: invitationSuccess },
    errors: [
      entitlementErrors.limitReached,
      organizationErrors.notFound,
      memberErrors.beyondAuthority,
      invitationErrors.alreadyMember,
      invitationErrors.alreadyPending,
      invitationErrors.domainNotAllowed,
      invitationErrors.emailNotVerified,
      invitationErrors.sentJustNow,
      invitationErrors.tooMany,
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
    summary: 'List invitations',
    description:
      'Lists the invitations of the organization, whatever their status, by default in the order they were created.',
    access: mayRead,
    limit: 'api',
    params: invitationListParamsSchema,
    query: orderedPageQuerySchema,
    success: {
      200: {
        description: 'A page of invitations',
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
    summary: 'Get an invitation',
    description: 'Returns an invitation of the organization, without its token.',
    access: mayRead,
    limit: 'api',
    params: invitationParamsSchema,
    success: { 200: invitationSuccess },
    errors: [organizationErrors.notFound, invitationErrors.notFound],
    handle: (ctx, { params }) => getInvitation(ctx, params.organizationId, params.id),
    respond: (invitation) => ok(presentInvitation(invitation), invitation.version),
  }),
  defineRoute({
    method: 'post',
    path: `${path}/resend`,
    operationId: 'resendInvitation',
    tag,
    summary: 'Resend an invitation',
    description:
      'Sends the email again with a new link, at most once a minute. The former link can no longer be used, and the ' +
      'invitation is valid for the full time again, also if it had expired. ' +
      SENDING_RULES,
    access: mayWrite,
    limit: 'api',
    params: invitationParamsSchema,
    idempotent: true,
    success: { 200: invitationSuccess },
    errors: [
      entitlementErrors.limitReached,
      organizationErrors.notFound,
      memberErrors.beyondAuthority,
      invitationErrors.notFound,
      invitationErrors.revoked,
      invitationErrors.alreadyAccepted,
      invitationErrors.overtaken,
      invitationErrors.domainNotAllowed,
      invitationErrors.emailNotVerified,
      invitationErrors.sentJustNow,
      invitationErrors.tooMany,
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
    description:
      'Ends an invitation that has not been accepted; its link can no longer be used. The invitation remains in the list.',
    access: mayWrite,
    limit: 'api',
    params: invitationParamsSchema,
    concurrency: true,
    success: { 204: { description: 'The invitation was revoked' } },
    errors: [
      organizationErrors.notFound,
      invitationErrors.notFound,
      invitationErrors.revoked,
      invitationErrors.alreadyAccepted,
    ],
    handle: (ctx, { params, ifMatch }) => revokeInvitation(ctx, params.organizationId, params.id, ifMatch),
    respond: noContent,
  }),
];
