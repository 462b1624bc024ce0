import { z } from '@hono/zod-openapi';
import { exampleId, idSchema } from '../../kernel/core/index.ts';
import { defineEvent } from '../../kernel/events/index.ts';
import { AI_ALERT_KINDS, AI_ALERT_RESOLUTIONS } from './ai-alerts.enums.ts';
import type { AiAlert } from './ai-alerts.tables.ts';

export const aiAlertChanged = defineEvent({
  type: 'ai_alert.changed',
  description:
    'A figure about answers of models has passed a threshold of the organization, or such an alert was resolved.',
  payload: z.object({
    alertId: idSchema('aiAlert').describe('Id of the alert.'),
    kind: z.enum(AI_ALERT_KINDS).describe('What is measured.'),
    model: z.string().nullable().describe('The model that was measured; null for all.'),
    feature: z.string().nullable().describe('The feature that was measured; null for all.'),
    value: z.number().describe('The figure when it was opened.'),
    threshold: z.number().describe('What was passed.'),
    resolution: z
      .enum(AI_ALERT_RESOLUTIONS)
      .nullable()
      .describe('How it was resolved; null while it is open.'),
  }),
  example: {
    alertId: exampleId('aiAlert'),
    kind: 'failure_share',
    model: null,
    feature: 'agents',
    value: 0.24,
    threshold: 0.1,
    resolution: null,
  },
  key: ({ alertId }) => alertId,
});

/** The event for an alert's row. */
export const eventOf = ({ id, kind, model, feature, evidence, resolution }: Omit<AiAlert, 'mailed'>) =>
  aiAlertChanged.of({
    alertId: id,
    kind,
    model: model || null,
    feature: feature || null,
    ...evidence,
    resolution,
  });
