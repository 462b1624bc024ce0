import { exampleId } from '../../kernel/core/index.ts';
import type { CallCostView, CostLineView, CostSummaryView } from './costs.schemas.ts';

const cost = { amountMicros: 24_000, currency: 'USD' };
const price = {
  id: exampleId('priceVersion'),
  unitPrice: '0.0004',
  unitQuantity: 60_000,
  source: 'Contract of 2026 with the provider',
};
const used = { meter: 'participant_minutes', quantity: 3_600_000, price };

export const callCostExample: CallCostView = {
  callId: exampleId('call'),
  final: true,
  cost,
  unknownCount: 0,
  charges: [{ ...used, cost, unknownCount: 0 }],
};
export const costLineExample: CostLineView = {
  usageRecordId: exampleId('usageEvent'),
  entry: 1,
  kind: 'usage',
  ...used,
  cost,
  occurredAt: '2026-01-05T09:30:00.000Z',
  recordedAt: '2026-01-05T10:30:02.000Z',
};
export const summaryExample: CostSummaryView = {
  from: '2026-01-01T00:00:00.000Z',
  to: '2026-02-01T00:00:00.000Z',
  timeZone: 'UTC',
  by: 'meter',
  groups: [{ value: 'participant_minutes', cost, unknownCount: 0 }],
  other: { cost: { amountMicros: 0, currency: 'USD' }, unknownCount: 0 },
  total: { cost, unknownCount: 0 },
};
export const operatorSummaryExample: CostSummaryView = {
  ...summaryExample,
  by: 'organization',
  groups: [{ value: exampleId('organization'), cost, unknownCount: 0 }],
};
