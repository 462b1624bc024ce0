import { z } from '@hono/zod-openapi';
import { exampleId, idSchema } from '../../kernel/core/index.ts';
import { defineEvent } from '../../kernel/events/index.ts';
import { organizationOffboardingStepSchema } from './offboarding.schemas.ts';

export const memberGone = defineEvent({
  type: 'member.gone',
  description: "A former member's access tokens have expired.",
  payload: z.object({ userId: idSchema('user').describe('Id of the user.') }),
  example: { userId: exampleId('user') },
  key: ({ userId }) => `${userId}:gone`,
  internal: true,
});

export const organizationClosing = defineEvent({
  type: 'organization.closing',
  description: 'One step of the work that follows the deletion of an organization.',
  payload: organizationOffboardingStepSchema,
  example: { part: 'rooms', run: 'first', after: null },
  key: ({ run, part, after }) => `${run}:${part}:${after ?? ''}`,
  internal: true,
});

export const offboardingEvents = [memberGone, organizationClosing];
