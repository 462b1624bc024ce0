import { defineRoute, noContent, ok, type Route } from '../http/index.ts';
import type { LimitOverrides } from './limits.ports.ts';
import {
  overridesExample,
  overridesParamsSchema,
  overridesSchema,
  type OverridesView,
  putOverridesSchema,
} from './limits.schemas.ts';
import { getLimitOverrides, setLimitOverrides } from './override-limits.ts';

const tag = 'Operator';
const path = '/api/v1/operator/organizations/{organizationId}/limits';
const consequence =
  'The change applies everywhere within 5 seconds and is recorded in the organization’s audit log.';

function presentOverrides(organizationId: string, { limits, setAtMs }: LimitOverrides): OverridesView {
  return { organizationId, limits, setAt: setAtMs === null ? null : new Date(setAtMs).toISOString() };
}

export const limitRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path,
    operationId: 'getLimitOverrides',
    tag,
    summary: 'Get limit overrides',
    description:
      'Returns the rate limits that an operator set for the organization in place of those of its plan.',
    access: { kind: 'operator' },
    limit: 'api',
    params: overridesParamsSchema,
    success: {
      200: {
        description: 'The overrides of the organization.',
        schema: overridesSchema,
        example: overridesExample,
      },
    },
    handle: (ctx, { params }) => getLimitOverrides(ctx, params.organizationId),
    respond: (overrides, { params }) => ok(presentOverrides(params.organizationId, overrides)),
  }),
  defineRoute({
    method: 'put',
    path,
    operationId: 'putLimitOverrides',
    tag,
    summary: 'Set limit overrides',
    description: `Replaces all limit overrides of the organization. A limit that is not named keeps the value of the plan. ${consequence}`,
    access: { kind: 'operator' },
    limit: 'api',
    params: overridesParamsSchema,
    body: { schema: putOverridesSchema, example: { limits: overridesExample.limits } },
    success: {
      200: {
        description: 'The new overrides.',
        schema: overridesSchema,
        example: overridesExample,
      },
    },
    handle: (ctx, { params, body }) => setLimitOverrides(ctx, params.organizationId, body.limits),
    respond: (overrides, { params }) => ok(presentOverrides(params.organizationId, overrides)),
  }),
  defineRoute({
    method: 'delete',
    path,
    operationId: 'deleteLimitOverrides',
    tag,
    summary: 'Delete limit overrides',
    description: `Removes all limit overrides of the organization, so that the limits of its plan apply again. ${consequence}`,
    access: { kind: 'operator' },
    limit: 'api',
    params: overridesParamsSchema,
    success: { 204: { description: 'The overrides were removed.' } },
    handle: (ctx, { params }) => setLimitOverrides(ctx, params.organizationId, {}),
    respond: noContent,
  }),
];
