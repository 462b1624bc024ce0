import { z } from '@hono/zod-openapi';
import { exampleId, idSchema } from '../../kernel/core/index.ts';
import { defineEvent } from '../../kernel/events/index.ts';

/** The calls that run through it follow. */
export const phoneTrunkClosed = defineEvent({
  type: 'phone_trunk.closed',
  description: 'A trunk was switched off or deleted.',
  payload: z.object({ phoneTrunkId: idSchema('phoneTrunk').describe('Id of the trunk.') }),
  example: { phoneTrunkId: exampleId('phoneTrunk') },
  key: ({ phoneTrunkId }) => phoneTrunkId,
});

export const phoneTrunkEvents = [phoneTrunkClosed];
