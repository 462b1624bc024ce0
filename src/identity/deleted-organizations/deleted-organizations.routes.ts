import { orderedPageQuerySchema } from '../../kernel/core/index.ts';
import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import {
  organizationErrors,
  organizationExample,
  organizationSchema,
  presentOrganization,
} from '../organizations/index.ts';
import { REOPEN_DAYS } from './deleted-organizations.rules.ts';
import {
  deletedOrganizationExample,
  deletedOrganizationPageSchema,
  deletedOrganizationParamsSchema,
} from './deleted-organizations.schemas.ts';
import { listDeletedOrganizations } from './read-deleted-organizations.ts';
import { reopenOrganization } from './reopen-organization.ts';

const tag = 'Organizations';
const path = '/api/v1/deleted-organizations';
const OWNER = {
  kind: 'user',
  reason: 'no credential is for a deleted organization; the verb asks whether the user owns it',
} as const;

export const deletedOrganizationRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path,
    operationId: 'listDeletedOrganizations',
    tag,
    summary: 'List deleted organizations',
    description:
      'Lists the deleted organizations that the current user can reopen: those of which they are an owner, for ' +
      `${REOPEN_DAYS} days from the deletion.`,
    access: OWNER,
    limit: 'api',
    query: orderedPageQuerySchema,
    success: {
      200: {
        description: 'A page of deleted organizations',
        schema: deletedOrganizationPageSchema,
        example: { data: [deletedOrganizationExample], nextCursor: null },
      },
    },
    handle: (ctx, { query }) => listDeletedOrganizations(ctx, query),
    respond: (page) => ok(page),
  }),
  defineRoute({
    method: 'post',
    path: `${path}/{organizationId}/reopen`,
    operationId: 'reopenOrganization',
    tag,
    summary: 'Reopen an organization',
    description:
      `Reopens an organization that was deleted less than ${REOPEN_DAYS} days ago; only its owners may. Members, rooms, links, ` +
      'settings and the slug are as before. Its API keys stay revoked, its calls ended. Call `POST /api/v1/auth/switch` to ' +
      'work in it.',
    access: OWNER,
    limit: 'api',
    params: deletedOrganizationParamsSchema,
    success: {
      200: { description: 'The organization', schema: organizationSchema, example: organizationExample },
    },
    errors: [organizationErrors.notFound, organizationErrors.tooMany],
    handle: (ctx, { params }) => reopenOrganization(ctx, params.organizationId),
    respond: (organization) => ok(presentOrganization(organization), organization.version),
  }),
];
