import { z } from '@hono/zod-openapi';
import { exampleId } from '../../kernel/core/index.ts';
import { defineEvent } from '../../kernel/events/index.ts';
import { callIdSchema } from './sync.rules.ts';

/** Coalesced: one reduction reads everything that was reported until it starts. */
export const callReported = defineEvent({
  type: 'call.reported',
  description: 'The media cluster reported something of a call.',
  payload: z.strictObject({ callId: callIdSchema }),
  example: { callId: exampleId('call') },
  key: ({ callId }) => callId,
  internal: true,
  coalesced: true,
});

export const syncEvents = [callReported];
