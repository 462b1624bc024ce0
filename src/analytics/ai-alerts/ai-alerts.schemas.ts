import { z } from '@hono/zod-openapi';
import { GENERATION_FEATURES } from '../../intelligence/generations/index.ts';
import { exampleId, idSchema, lineSchema } from '../../kernel/core/index.ts';
import { AI_ALERT_KINDS, AI_ALERT_RESOLUTIONS } from './ai-alerts.enums.ts';

/** Thresholds of an organization. */
export const MAX_AI_THRESHOLDS = 20;

const fields = {
  kind: z
    .enum(AI_ALERT_KINDS)
    .describe(
      'The figure that is measured. `failure_share`: of the answers of an hour. `first_output_p95` and ' +
        '`duration_p95`: of the answers completed in an hour. `thumbs_up_share` and `mean_score`: of the ratings of ' +
        'the answers of 24 hours. `cost`: of the answers of 24 hours.',
    ),
  model: lineSchema(200).nullable().describe('Measures only answers of this model; null for all.'),
  feature: z
    .enum(GENERATION_FEATURES)
    .nullable()
    .describe('Measures only answers for this feature; `api` is `POST /ai/generations`; null for all.'),
  threshold: z
    .number()
    .describe(
      'The figure at which an alert is opened. By the kind it is a share from 0.01 to 1, seconds from 0.1 to ' +
        '3,600, a score from 1 to 5, or micro-units of the currency, at least 1. Shares of thumbs and scores open ' +
        'an alert at or below it, all others at or above it.',
    ),
};

const thresholdSchema = z
  .strictObject({
    ...fields,
    model: fields.model.default(null),
    feature: fields.feature.default(null),
  })
  .openapi('AiThreshold');
export type AiThreshold = z.output<typeof thresholdSchema>;
const thresholds = z
  .array(thresholdSchema)
  .max(MAX_AI_THRESHOLDS)
  .describe(
    `The thresholds, at most ${MAX_AI_THRESHOLDS}; one for each combination of kind, model and feature.`,
  );

export const setAiAlertsSchema = z.strictObject({ thresholds });
export type SetAiAlerts = z.output<typeof setAiAlertsSchema>;

const moment = z.iso.datetime();
const alertSchema = z
  .object({
    id: idSchema('aiAlert').describe('Id of the alert.'),
    ...fields,
    threshold: z.number().describe('The threshold that was passed, in the unit of its kind.'),
    value: z.number().describe('The figure when it was opened, in the unit of its kind.'),
    resolved: z.boolean().describe('Whether it is resolved.'),
    resolution: z
      .enum(AI_ALERT_RESOLUTIONS)
      .nullable()
      .describe(
        '`recovered`: the figure is back by more than a fifth of the threshold. `no_answers`: there is nothing ' +
          'left to measure. `threshold_removed`: the threshold no longer exists. Null while it is open.',
      ),
    createdAt: moment.describe('When it was opened.'),
    resolvedAt: moment.nullable().describe('When it was resolved; null while it is open.'),
  })
  .openapi('AiAlert');

export const aiAlertsSchema = z
  .object({
    thresholds,
    alerts: z
      .array(alertSchema)
      .describe('Alerts, the newest first, at most 100; resolved ones are kept for 90 days.'),
  })
  .openapi('AiAlerts');
export type AiAlertsView = z.output<typeof aiAlertsSchema>;

export const setAiAlertsExample = {
  thresholds: [
    { kind: 'failure_share', model: null, feature: 'agents', threshold: 0.1 },
    { kind: 'cost', model: null, feature: null, threshold: 25_000_000 },
  ],
} satisfies SetAiAlerts;
export const aiAlertsExample: AiAlertsView = {
  ...setAiAlertsExample,
  alerts: [
    {
      id: exampleId('aiAlert'),
      kind: 'failure_share',
      model: null,
      feature: 'agents',
      threshold: 0.1,
      value: 0.24,
      resolved: true,
      resolution: 'recovered',
      createdAt: '2026-01-05T09:30:00.000Z',
      resolvedAt: '2026-01-05T10:15:00.000Z',
    },
  ],
};
