import { z } from '@hono/zod-openapi';
import { exampleId, idSchema } from '../../kernel/core/index.ts';
import { defineEvent } from '../../kernel/events/index.ts';

export const phoneTransferRequested = defineEvent({
  type: 'phone_call.transfer_requested',
  description: 'A telephone call is to be transferred.',
  payload: z.object({ phoneCallId: idSchema('phoneCall').describe('Id of the telephone call.') }),
  example: { phoneCallId: exampleId('phoneCall') },
  key: ({ phoneCallId }) => phoneCallId,
  internal: true,
});
