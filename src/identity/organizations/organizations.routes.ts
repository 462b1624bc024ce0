import { orderedPageQuerySchema } from '../../kernel/core/index.ts';
import { created, defineRoute, noContent, ok, type Route } from '../../platform/http/index.ts';
import { createOrganization } from './create-organization.ts';
import { deleteOrganization } from './delete-organization.ts';
import { organizationErrors } from './organizations.errors.ts';
import { MAX_CREATED_ORGANIZATIONS } from './organizations.rules.ts';
import { presentOrganization } from './organizations.present.ts';
import {
  createOrganizationSchema,
  organizationExample,
  organizationPageSchema,
  organizationParamsSchema,
  organizationSchema,
  updateOrganizationSchema,
} from './organizations.schemas.ts';
import { getOrganization, listOrganizations } from './read-organizations.ts';
import { updateOrganization } from './update-organization.ts';

declare module '../../kernel/core/permissions.ts' {
  interface PermissionActions {
    organizations: 'read' | 'write' | 'delete';
  }
}

const tag = 'Organizations';
const listPath = '/api/v1/organizations';
const path = `${listPath}/{organizationId}`;
const organizationSuccess = {
  description: 'The organization',
  schema: organizationSchema,
  example: organizationExample,
};

export const organizationRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: listPath,
    operationId: 'createOrganization',
    tag,
    summary: 'Create an organization',
    description:
      'Creates an organization on the plan `free` with the current user as its owner. The access token stays with its ' +
      'organization; call `POST /api/v1/auth/switch` to work in the new one. A user has at most ' +
      `${MAX_CREATED_ORGANIZATIONS} organizations that they created and that are not deleted.`,
    access: { kind: 'user', reason: 'every user may create an organization, also one who belongs to none' },
    limit: 'api',
    body: { schema: createOrganizationSchema, example: { name: 'Northwind', slug: 'northwind' } },
    idempotent: true,
    success: { 201: organizationSuccess },
    errors: [organizationErrors.slugTaken, organizationErrors.tooMany],
    handle: (ctx, { body }) => createOrganization(ctx, body),
    respond: (organization) =>
      created(presentOrganization(organization), `${listPath}/${organization.id}`, organization.version),
  }),
  defineRoute({
    method: 'get',
    path: listPath,
    operationId: 'listOrganizations',
    tag,
    summary: 'List organizations',
    description:
      'Lists the organizations of which the current user is an active member, by default the oldest first, whichever ' +
      'organization the access token is for. An API key with `organizations:read` gets the one that it belongs to.',
    access: {
      kind: 'credential',
      reason: 'users see all their organizations, whichever one the token is for, and API keys their own',
    },
    limit: 'api',
    query: orderedPageQuerySchema,
    success: {
      200: {
        description: 'A page of organizations',
        schema: organizationPageSchema,
        example: { data: [organizationExample], nextCursor: null },
      },
    },
    handle: (ctx, { query }) => listOrganizations(ctx, query),
    respond: ({ data, nextCursor }) => ok({ data: data.map(presentOrganization), nextCursor }),
  }),
  defineRoute({
    method: 'get',
    path,
    operationId: 'getOrganization',
    tag,
    summary: 'Get an organization',
    description: 'Returns the organization the credential is for. Any other id answers 404.',
    access: { kind: 'permission', permission: 'organizations:read' },
    limit: 'api',
    params: organizationParamsSchema,
    success: { 200: organizationSuccess },
    errors: [organizationErrors.notFound],
    handle: (ctx, { params }) => getOrganization(ctx, params.organizationId),
    respond: (organization) => ok(presentOrganization(organization), organization.version),
  }),
  defineRoute({
    method: 'patch',
    path,
    operationId: 'updateOrganization',
    tag,
    summary: 'Update an organization',
    description:
      'Changes the fields that are sent and keeps the others; entries of `metadata` are set one by one, null deletes one. The change is ' +
      'recorded in the audit log.',
    access: { kind: 'permission', permission: 'organizations:write' },
    limit: 'api',
    params: organizationParamsSchema,
    body: { schema: updateOrganizationSchema, example: { name: 'Northwind Traders' } },
    concurrency: true,
    success: { 200: organizationSuccess },
    errors: [organizationErrors.notFound, organizationErrors.slugTaken],
    handle: (ctx, { params, body, ifMatch }) => updateOrganization(ctx, params.organizationId, body, ifMatch),
    respond: (organization) => ok(presentOrganization(organization), organization.version),
  }),
  defineRoute({
    method: 'delete',
    path,
    operationId: 'deleteOrganization',
    tag,
    summary: 'Delete an organization',
    description:
      'Deletes the organization the credential is for; only its owners may. Its calls end, and it cannot be signed in to ' +
      'any longer. For 30 days its owners can reopen it (`POST /api/v1/deleted-organizations/{organizationId}/reopen`) and ' +
      'its slug stays reserved; then it is erased. It is refused while a recording in the storage of the product is held.',
    access: { kind: 'permission', permission: 'organizations:delete' },
    limit: 'api',
    params: organizationParamsSchema,
    concurrency: true,
    success: { 204: { description: 'The organization was deleted' } },
    errors: [organizationErrors.notFound, organizationErrors.held],
    handle: (ctx, { params, ifMatch }) => deleteOrganization(ctx, params.organizationId, ifMatch),
    respond: noContent,
  }),
];
