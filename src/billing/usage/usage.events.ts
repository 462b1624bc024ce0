import { z } from '@hono/zod-openapi';
import { defineEvent } from '../../kernel/events/index.ts';
import { meterNameSchema } from '../meters/index.ts';

export const usageRecorded = defineEvent({
  type: 'usage.recorded',
  description: 'Usage of a meter was recorded.',
  payload: z.object({ meter: meterNameSchema.describe('Name of the meter.') }),
  example: { meter: 'participant_minutes' },
  key: ({ meter }) => meter,
  internal: true,
});
