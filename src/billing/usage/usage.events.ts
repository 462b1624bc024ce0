import { z } from '@hono/zod-openapi';
import { defineEvent } from '../../kernel/events/index.ts';
import { meterNameSchema } from '../meters/index.ts';

export const usageRecorded = defineEvent({
  type: 'usage.recorded',
  description: 'Usage of a meter was recorded.',
  payload: z.object({
    meter: meterNameSchema.describe('Name of the meter.'),
    keys: z
      .array(z.string())
      .default([])
      .describe('The usage, as in the records; empty for meters of the organization.'),
  }),
  example: { meter: 'participant_minutes', keys: ['call_01jd3v7q8gf4kr2x6a0w9mznpe/PA_8fQ2'] },
  key: ({ meter }) => meter,
  internal: true,
});
