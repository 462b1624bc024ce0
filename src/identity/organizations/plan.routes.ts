import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { organizationErrors } from './organizations.errors.ts';
import { presentOrganization } from './organizations.present.ts';
import {
  organizationExample,
  organizationParamsSchema,
  organizationSchema,
} from './organizations.schemas.ts';
import { setPlanSchema } from './plan.schemas.ts';
import { setPlan } from './set-plan.ts';

export const planRoutes: readonly Route[] = [
  defineRoute({
    method: 'put',
    path: '/api/v1/operator/organizations/{organizationId}/plan',
    operationId: 'setPlan',
    tag: 'Operator',
    summary: 'Set an organization plan',
    description:
      'Puts the organization on a plan. It keeps things beyond the new limits, but cannot add any. Access tokens ' +
      'that state the former plan are refused with `auth.outdated_token`, so that their holders refresh them; API ' +
      'keys follow within ten seconds. Recorded in the audit log of the organization.',
    access: { kind: 'operator' },
    limit: 'api',
    params: organizationParamsSchema,
    body: { schema: setPlanSchema, example: { plan: 'pro', reason: 'Paid by bank transfer' } },
    success: {
      200: {
        description: 'The organization on its new plan',
        schema: organizationSchema,
        example: { ...organizationExample, plan: 'pro' as const },
      },
    },
    errors: [organizationErrors.notFound],
    handle: (ctx, { params, body }) => setPlan(ctx, params.organizationId, body),
    respond: (organization) => ok(presentOrganization(organization), organization.version),
  }),
];
