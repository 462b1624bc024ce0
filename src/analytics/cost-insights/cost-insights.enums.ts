/** The subject of an insight; an organization has at most one of each kind. */
export const INSIGHT_KINDS = [
  'unused_rooms',
  'unused_seats',
  'time_alone',
  'empty_egress',
  'unused_recordings',
  'rising_call_time',
  'rising_minute_cost',
  'duplicate_transcriptions',
  'rising_ai_cost',
  'cheaper_model',
  'yearly_billing_cheaper',
  'larger_plan_cheaper',
  'smaller_plan_cheaper',
] as const;
export type InsightKind = (typeof INSIGHT_KINDS)[number];

export const INSIGHT_STATUSES = ['active', 'acknowledged', 'implemented', 'dismissed'] as const;
