import { z } from '@hono/zod-openapi';
import { defineJob, type Job } from '../../platform/outbox/index.ts';
import { organizationIdSchema } from './organizations.schemas.ts';

const payload = z.strictObject({ organizationId: organizationIdSchema });

/** Events that nobody here acts on. */
export const organizationJobs: readonly Job[] = [
  defineJob({ type: 'organization.created', payload }),
  defineJob({ type: 'organization.updated', payload }),
  defineJob({ type: 'organization.deleted', payload }),
];
