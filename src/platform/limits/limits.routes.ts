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
const description =
  'Values a minute that stand in place of those of the plan. A change is in force everywhere within 5 seconds.';

function presentOverrides(organizationId: string, { limits, setAtMs }: LimitOverrides): OverridesView {
  return { organizationId, limits, setAt: setAtMs === null ? null : new Date(setAtMs).toISOString() };
}

export const limitRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path,
    operationId: 'getLimitOverrides',
    tag,
    summary: "Read an organization's limit overrides",
    description,
    access: { kind: 'operator' },
    limit: 'api',
    params: overridesParamsSchema,
    success: { 200: { description: 'The overrides', schema: overridesSchema, example: overridesExample } },
    handle: (ctx, { params }) => getLimitOverrides(ctx, params.organizationId),
    respond: (overrides, { params }) => ok(presentOverrides(params.organizationId, overrides)),
  }),
  defineRoute({
    method: 'put',
    path,
    operationId: 'putLimitOverrides',
    tag,
    summary: "Replace an organization's limit overrides",
    description,
    access: { kind: 'operator' },
    limit: 'api',
    params: overridesParamsSchema,
    body: { schema: putOverridesSchema, example: { limits: overridesExample.limits } },
    success: {
      200: {
        description: 'The overrides as they are now',
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
    summary: 'Give an organization the limits of its plan again',
    description,
    access: { kind: 'operator' },
    limit: 'api',
    params: overridesParamsSchema,
    success: { 204: { description: 'Only the plan counts' } },
    handle: (ctx, { params }) => setLimitOverrides(ctx, params.organizationId, {}),
    respond: noContent,
  }),
];
