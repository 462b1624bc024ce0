import { exampleId } from '../../kernel/core/index.ts';
import type { BreakdownView, RecordView, TimelineView } from './usage.schemas.ts';

export const meterExample = { meter: 'participant_minutes', unit: 'milliseconds', unitQuantity: 60_000 };
export const periodExample = { from: '2026-01-01T00:00:00.000Z', to: '2026-02-01T00:00:00.000Z' };
export const breakdownExample: BreakdownView = {
  ...periodExample,
  ...meterExample,
  by: 'region',
  groups: [{ value: 'EU', quantity: 3_600_000 }],
  otherQuantity: 0,
  totalQuantity: 3_600_000,
};
export const timelineExample: TimelineView = {
  ...periodExample,
  ...meterExample,
  intervals: [{ startsAt: periodExample.from, quantity: 3_600_000 }],
};
export const recordExample: RecordView = {
  id: exampleId('usageEvent'),
  meter: 'participant_minutes',
  key: `${exampleId('call')}/PA_8fQ2`,
  revision: 1,
  quantity: 3_600_000,
  dimensions: { room: exampleId('room'), call: exampleId('call'), kind: 'user', role: 'host', region: 'EU' },
  source: null,
  occurredAt: '2026-01-05T09:30:00.000Z',
  recordedAt: '2026-01-05T10:30:02.000Z',
};
