import { pageQuerySchema, requestErrors } from '../../kernel/core/index.ts';
import { created, defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { organizationErrors, organizationParamsSchema } from '../organizations/index.ts';
import { createGrant } from './create-grant.ts';
import { grantErrors } from './entitlement-grants.errors.ts';
import {
  createGrantExample,
  createGrantSchema,
  grantExample,
  grantPageSchema,
  grantParamsSchema,
  grantSchema,
  revokeGrantSchema,
} from './entitlement-grants.schemas.ts';
import { listGrants } from './list-grants.ts';
import { revokeGrant } from './revoke-grant.ts';

const tag = 'Operator';
const path = '/api/v1/operator/organizations/{organizationId}/entitlement-grants';
const access = { kind: 'operator' } as const;

export const grantRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path,
    operationId: 'createEntitlementGrant',
    tag,
    summary: 'Grant an entitlement',
    description:
      'Gives the organization another limit, a feature or a credit in addition to its plan. The grant is kept ' +
      'when the plan changes. It is in force exactly from its start to its end. Administrators see it with its ' +
      'reason in `GET /api/v1/billing/entitlements`. Recorded in the audit log of the organization.',
    access,
    limit: 'api',
    params: organizationParamsSchema,
    body: { schema: createGrantSchema, example: createGrantExample },
    idempotent: true,
    success: { 201: { description: 'The grant', schema: grantSchema, example: grantExample } },
    errors: [organizationErrors.notFound],
    handle: (ctx, { params, body }) => createGrant(ctx, params.organizationId, body),
    respond: (grant, { params }) => created(grant, path.replace('{organizationId}', params.organizationId)),
  }),
  defineRoute({
    method: 'get',
    path,
    operationId: 'listEntitlementGrants',
    tag,
    summary: 'List entitlement grants',
    description:
      'Returns the grants of operators to the organization, including those that ended or were revoked, the ' +
      'newest first.',
    access,
    limit: 'api',
    params: organizationParamsSchema,
    query: pageQuerySchema,
    success: {
      200: {
        description: 'A page of grants',
        schema: grantPageSchema,
        example: { data: [grantExample], nextCursor: null },
      },
    },
    errors: [organizationErrors.notFound],
    handle: (ctx, { params, query }) => listGrants(ctx, params.organizationId, query),
    respond: (page) => ok(page),
  }),
  defineRoute({
    method: 'post',
    path: `${path}/{entitlementGrantId}/revoke`,
    operationId: 'revokeEntitlementGrant',
    tag,
    summary: 'Revoke an entitlement grant',
    description:
      'Ends the grant now. The organization keeps things beyond the limits of its plan, but cannot add any. A ' +
      'grant that has ended is not changed. Recorded in the audit log of the organization.',
    access,
    limit: 'api',
    params: grantParamsSchema,
    body: { schema: revokeGrantSchema, example: { reason: 'Granted to the wrong organization' } },
    success: {
      200: {
        description: 'The revoked grant',
        schema: grantSchema,
        example: {
          ...grantExample,
          status: 'revoked' as const,
          revokedAt: '2026-01-13T08:00:00.000Z',
          revokedReason: 'Granted to the wrong organization',
        },
      },
    },
    errors: [grantErrors.grantNotFound, requestErrors.stale],
    handle: (ctx, { params: { organizationId, entitlementGrantId }, body }) =>
      revokeGrant(ctx, { organizationId, grantId: entitlementGrantId }, body.reason),
    respond: (grant) => ok(grant),
  }),
];
