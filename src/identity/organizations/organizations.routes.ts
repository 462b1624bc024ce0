import { created, defineRoute, noContent, ok, type Route } from '../../platform/http/index.ts';
import { pageQuerySchema } from '../../kernel/core/index.ts';
import { createOrganization } from './create-organization.ts';
import { organizationErrors } from './organizations.errors.ts';
import type { Organization } from './organizations.queries.ts';
import {
  createOrganizationSchema,
  organizationExample,
  organizationPageSchema,
  organizationParamsSchema,
  organizationSchema,
  type OrganizationView,
  updateOrganizationSchema,
} from './organizations.schemas.ts';
import { getOrganization, listOrganizations } from './read-organizations.ts';
import { deleteOrganization, updateOrganization } from './update-organization.ts';

const tag = 'Organizations';
const path = '/api/v1/organizations/{organizationId}';

export function presentOrganization({
  id,
  name,
  slug,
  plan,
  settings,
  limits,
  metadata,
  createdAt,
  updatedAt,
}: Organization): OrganizationView {
  return {
    id,
    name,
    slug,
    plan,
    settings,
    limits,
    metadata,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}

export const organizationRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: '/api/v1/organizations',
    operationId: 'createOrganization',
    tag,
    summary: 'Make an organization, with the caller as its owner',
    access: { kind: 'user', reason: 'anyone may start an organization, also a person who belongs to none' },
    limit: 'api',
    body: { schema: createOrganizationSchema, example: { name: 'Northwind', slug: 'northwind' } },
    idempotent: true,
    success: {
      201: { description: 'The organization', schema: organizationSchema, example: organizationExample },
    },
    errors: [organizationErrors.slugTaken],
    handle: (ctx, { body }) => createOrganization(ctx, body),
    respond: (organization) =>
      created(
        presentOrganization(organization),
        `/api/v1/organizations/${organization.id}`,
        organization.version,
      ),
  }),
  defineRoute({
    method: 'get',
    path: '/api/v1/organizations',
    operationId: 'listOrganizations',
    tag,
    summary: 'List the organizations the caller belongs to',
    access: {
      kind: 'user',
      reason: 'a person sees their memberships whatever organization the token is for',
    },
    limit: 'api',
    query: pageQuerySchema,
    success: {
      200: {
        description: 'A page',
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
    summary: 'Read the organization of the credential',
    access: { kind: 'permission', permission: 'organizations:read' },
    limit: 'api',
    params: organizationParamsSchema,
    success: {
      200: { description: 'The organization', schema: organizationSchema, example: organizationExample },
    },
    errors: [organizationErrors.notFound],
    handle: (ctx, { params }) => getOrganization(ctx, params.organizationId),
    respond: (organization) => ok(presentOrganization(organization), organization.version),
  }),
  defineRoute({
    method: 'patch',
    path,
    operationId: 'updateOrganization',
    tag,
    summary: 'Change the organization',
    access: { kind: 'permission', permission: 'organizations:write' },
    limit: 'api',
    params: organizationParamsSchema,
    body: { schema: updateOrganizationSchema, example: { name: 'Northwind Traders' } },
    concurrency: true,
    success: {
      200: {
        description: 'The organization as it is now',
        schema: organizationSchema,
        example: organizationExample,
      },
    },
    errors: [organizationErrors.notFound, organizationErrors.slugTaken],
    handle: (ctx, { params, body, ifMatch }) => updateOrganization(ctx, params.organizationId, body, ifMatch),
    respond: (organization) => ok(presentOrganization(organization), organization.version),
  }),
  defineRoute({
    method: 'delete',
    path,
    operationId: 'deleteOrganization',
    tag,
    summary: 'Close the organization',
    access: { kind: 'permission', permission: 'organizations:delete' },
    limit: 'api',
    params: organizationParamsSchema,
    concurrency: true,
    success: { 204: { description: 'Closed' } },
    errors: [organizationErrors.notFound],
    handle: (ctx, { params, ifMatch }) => deleteOrganization(ctx, params.organizationId, ifMatch),
    respond: noContent,
  }),
];
