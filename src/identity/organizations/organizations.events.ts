import { z } from '@hono/zod-openapi';
import { exampleId } from '../../kernel/core/index.ts';
import { defineEvent } from '../../kernel/events/index.ts';
import { PLANS } from './organizations.enums.ts';
import { organizationIdSchema } from './organizations.schemas.ts';

const defineOrganizationEvent = (type: string, description: string) =>
  defineEvent({
    type,
    description,
    payload: z.object({ organizationId: organizationIdSchema.describe('Id of the organization.') }),
    example: { organizationId: exampleId('organization') },
    key: ({ organizationId }) => organizationId,
  });

export const organizationCreated = defineOrganizationEvent(
  'organization.created',
  'An organization was created.',
);
export const organizationUpdated = defineOrganizationEvent(
  'organization.updated',
  'Name, slug or settings of the organization changed.',
);
export const organizationDeleted = defineOrganizationEvent(
  'organization.deleted',
  'The organization was deleted.',
);
export const organizationReopened = defineOrganizationEvent(
  'organization.reopened',
  'A deleted organization was reopened.',
);

export const organizationPlanChanged = defineEvent({
  type: 'organization.plan_changed',
  description: 'The organization changed to another plan, or to another version of its plan.',
  payload: z.object({
    organizationId: organizationIdSchema.describe('Id of the organization.'),
    plan: z.enum(PLANS).describe('Name of the new plan.'),
    planVersion: z.int().describe('Version of the terms of the new plan.'),
    formerPlan: z.enum(PLANS).describe('Name of the plan before.'),
  }),
  example: { organizationId: exampleId('organization'), plan: 'pro', planVersion: 1, formerPlan: 'free' },
  key: ({ organizationId }) => organizationId,
});

export const organizationEvents = [
  organizationCreated,
  organizationUpdated,
  organizationDeleted,
  organizationReopened,
  organizationPlanChanged,
];
