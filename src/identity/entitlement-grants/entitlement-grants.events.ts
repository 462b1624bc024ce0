import { z } from '@hono/zod-openapi';
import { exampleId, idSchema } from '../../kernel/core/index.ts';
import { defineEvent } from '../../kernel/events/index.ts';

export const entitlementsChanged = defineEvent({
  type: 'entitlements.changed',
  description: 'The grants of an operator to the organization changed: a grant starts, ends or was revoked.',
  payload: z.object({ entitlementGrantId: idSchema('entitlementGrant').describe('Id of the grant.') }),
  example: { entitlementGrantId: exampleId('entitlementGrant') },
  key: ({ entitlementGrantId }) => entitlementGrantId,
  internal: true,
});

export const grantEvents = [entitlementsChanged];
