import { z } from '@hono/zod-openapi';
import { exampleId, idSchema } from '../../kernel/core/index.ts';
import { defineEvent } from '../../kernel/events/index.ts';

export const batchEnded = defineEvent({
  type: 'ai_batch.ended',
  description: 'A batch has ended, and its results can be read; or it has failed as a whole.',
  payload: z.object({
    batchId: idSchema('aiBatch').describe('Id of the batch.'),
    status: z.enum(['ended', 'failed']).describe('How it ended.'),
  }),
  example: { batchId: exampleId('aiBatch'), status: 'ended' },
  key: ({ batchId }) => batchId,
});

export const batchEvents = [batchEnded];
