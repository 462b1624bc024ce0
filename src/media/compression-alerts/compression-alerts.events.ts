import { z } from '@hono/zod-openapi';
import { exampleId, idSchema } from '../../kernel/core/index.ts';
import { defineEvent } from '../../kernel/events/index.ts';
import { ALERT_KINDS, ALERT_RESOLUTIONS, ALERT_SEVERITIES } from './compression-alerts.enums.ts';

const changed = defineEvent({
  type: 'compression_alert.changed',
  description: 'An alert about compression was opened, became more severe, or was resolved.',
  payload: z.object({
    alertId: idSchema('compressionAlert').describe('Id of the alert.'),
    kind: z.enum(ALERT_KINDS).describe('The rule that raised the alert.'),
    severity: z.enum(ALERT_SEVERITIES).describe('How severe it is.'),
    resolution: z.enum(ALERT_RESOLUTIONS).nullable().describe('How it was resolved; null while it is open.'),
  }),
  example: {
    alertId: exampleId('compressionAlert'),
    kind: 'compressions_failing',
    severity: 'critical',
    resolution: null,
  },
  key: ({ alertId }) => alertId,
});

type AlertState = Omit<Parameters<typeof changed.of>[0], 'alertId'> & { id: string };

export const alertChanged = {
  /** The event of an alert's row. */
  of: ({ id, kind, severity, resolution }: AlertState) =>
    changed.of({ alertId: id, kind, severity, resolution }),
};
export const compressionAlertEvents = [changed];
