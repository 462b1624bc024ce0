import { z } from '@hono/zod-openapi';
import { exampleId, idSchema } from '../../kernel/core/index.ts';
import { defineEvent } from '../../kernel/events/index.ts';
import { GENERATION_STATUSES } from './generations.enums.ts';

export const generationEnded = defineEvent({
  type: 'ai.generation_ended',
  description: 'A generation has ended: a model has answered or failed, or it was cancelled.',
  payload: z.object({
    generationId: idSchema('generation').describe('Id of the generation.'),
    status: z.enum(GENERATION_STATUSES).describe('How it ended: `completed`, `failed` or `cancelled`.'),
  }),
  example: { generationId: exampleId('generation'), status: 'completed' },
  key: ({ generationId }) => generationId,
});

export const generationEvents = [generationEnded];
