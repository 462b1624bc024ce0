import { z } from '@hono/zod-openapi';
import { defineSubscription, type Subscription } from '../../kernel/events/index.ts';
import { organizationIdSchema } from './organizations.schemas.ts';

const payload = z.strictObject({ organizationId: organizationIdSchema });

/** Events without a subscriber. To `organization.deleted` later domains subscribe. */
export const organizationEvents: readonly Subscription[] = [
  defineSubscription({ type: 'organization.created', payload }),
  defineSubscription({ type: 'organization.updated', payload }),
];
