import { z } from '@hono/zod-openapi';
import { defineJob, type Job } from '../../platform/outbox/index.ts';
import { organizationIdSchema } from './organizations.schemas.ts';

const payload = z.strictObject({ organizationId: organizationIdSchema });

/** Events that nobody acts on. On a deletion the meetings do: `closing`. */
export const organizationJobs: readonly Job[] = [
  defineJob({ type: 'organization.created', payload }),
  defineJob({ type: 'organization.updated', payload }),
];
