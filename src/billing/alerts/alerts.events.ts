import { z } from '@hono/zod-openapi';
import { defineEvent } from '../../kernel/events/index.ts';
import { alertExample, alertFields } from './alerts.schemas.ts';

export const usageThresholdReached = defineEvent({
  type: 'usage.threshold_reached',
  description: 'Usage of a meter has reached a threshold, for the first time in the month.',
  payload: z.object(alertFields),
  example: alertExample,
  key: ({ meter }) => meter,
});

export const usageThresholdsChanged = defineEvent({
  type: 'usage.thresholds_changed',
  description: 'The organization changed its own thresholds.',
  payload: z.object({}),
  example: {},
  key: () => 'usage_thresholds',
  internal: true,
});

export const alertEvents = [usageThresholdReached, usageThresholdsChanged];
