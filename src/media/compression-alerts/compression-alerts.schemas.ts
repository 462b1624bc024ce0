import { z } from '@hono/zod-openapi';
import { exampleId, idSchema, linesSchema, pageQuerySchema, pageSchema } from '../../kernel/core/index.ts';
import { ALERT_KINDS, ALERT_RESOLUTIONS, ALERT_SEVERITIES } from './compression-alerts.enums.ts';

const alertId = idSchema('compressionAlert');
export const alertParamsSchema = z.strictObject({ compressionAlertId: alertId.describe('The alert.') });

export const listAlertsSchema = pageQuerySchema.extend({
  resolved: z
    .enum(['true', 'false'])
    .optional()
    .describe('Only alerts that are resolved, or only open ones.'),
  severity: z.enum(ALERT_SEVERITIES).optional().describe('Only alerts of this severity.'),
});
export type ListAlertsQuery = z.output<typeof listAlertsSchema>;

export const resolveAlertSchema = z.strictObject({
  notes: linesSchema(2_000).optional().describe('What was done about it, 1 to 2,000 characters.'),
});
export type ResolveAlert = z.output<typeof resolveAlertSchema>;

const moment = z.iso.datetime();
export const alertSchema = z
  .object({
    id: alertId.describe('Id of the alert.'),
    kind: z
      .enum(ALERT_KINDS)
      .describe(
        '`compressions_failing`, `quality_missed`, `nothing_won`: too many of the compressions that ended in the last 24 ' +
          'hours failed at the service, missed the requested quality, or gave no smaller copy. `compressions_waiting`: a ' +
          'compression makes no progress. `network_poor`: for five minutes, at least half of the participants of a call ' +
          'have had a poor network.',
      ),
    severity: z.enum(ALERT_SEVERITIES).describe('How severe it is; it only rises while the alert is open.'),
    encoding: z
      .string()
      .nullable()
      .describe(
        'What the copies are encoded with: `av1`, `h264`, `avif`, `webp`; null for rules that are not about an encoding.',
      ),
    callId: idSchema('call').nullable().describe('The call, of `network_poor`; else null.'),
    value: z
      .number()
      .describe(
        'Value measured when it was opened or became more severe: a share from 0 to 1; for `compressions_waiting`, ' +
          'seconds.',
      ),
    threshold: z.number().describe('Limit that the value reached, in the same unit.'),
    resolved: z.boolean().describe('Whether it is resolved.'),
    resolution: z
      .enum(ALERT_RESOLUTIONS)
      .nullable()
      .describe('Whether a person resolved it, or its condition was gone; null while it is open.'),
    resolvedBy: z.string().nullable().describe('The user or API key that resolved it; otherwise null.'),
    notes: z.string().nullable().describe('Notes from when it was resolved; null without notes.'),
    createdAt: moment.describe('When it was opened.'),
    resolvedAt: moment.nullable().describe('When it was resolved; null while it is open.'),
  })
  .openapi('CompressionAlert');
export type AlertView = z.output<typeof alertSchema>;
export const alertPageSchema = pageSchema(alertSchema).openapi('CompressionAlertPage');

export const alertExample: AlertView = {
  id: exampleId('compressionAlert'),
  kind: 'compressions_failing',
  severity: 'critical',
  encoding: 'av1',
  callId: null,
  value: 0.5,
  threshold: 0.2,
  resolved: true,
  resolution: 'by_person',
  resolvedBy: exampleId('user'),
  notes: 'The container had no disk left.',
  createdAt: '2026-01-05T09:30:00.000Z',
  resolvedAt: '2026-01-05T10:15:00.000Z',
};
