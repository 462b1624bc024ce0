import { presentAmount, presentMoney, sumAmounts } from '../../kernel/money/index.ts';
import type { InsightKind } from './cost-insights.enums.ts';
import type { Insight } from './cost-insights.queries.ts';
import type { InsightsView, InsightView } from './cost-insights.schemas.ts';

const TEXTS: Readonly<Record<InsightKind, { title: string; recommendation: string }>> = {
  unused_rooms: {
    title: 'Rooms without calls',
    recommendation: 'Delete rooms that are not needed: they count against the limit of the plan.',
  },
  unused_seats: {
    title: 'Seats without members',
    recommendation: 'Lower the seats of the subscription, or invite people.',
  },
  time_alone: {
    title: 'One person alone in calls',
    recommendation: 'Set `aloneTimeoutSeconds` of rooms, so that calls end when only one person is left.',
  },
  empty_egress: {
    title: 'Empty calls are recorded or streamed',
    recommendation:
      'Stop recordings and streams when the last person leaves, or set `emptyTimeoutSeconds` of rooms, so that calls end.',
  },
  unused_recordings: {
    title: 'Recordings that no one opens',
    recommendation:
      'Delete recordings that are not needed, or set `retentionSeconds`: they count against the storage of the plan.',
  },
  rising_call_time: {
    title: 'Calls take longer',
    recommendation: 'Look at the rooms with the longest connected time, and at time limits of rooms.',
  },
  rising_minute_cost: {
    title: 'Participant minutes cost more',
    recommendation:
      'More of the minutes are beyond what the plan includes: look at the rooms with the longest connected time, or at larger plans.',
  },
  duplicate_transcriptions: {
    title: 'The same audio is transcribed twice',
    recommendation:
      'Before requesting a transcription, look for an existing one: `GET /api/v1/ai/transcriptions`.',
  },
  rising_ai_cost: {
    title: 'AI costs more',
    recommendation:
      'More of it is beyond what the plan includes: look at models and features in `GET /api/v1/ai/cost`, or set a budget for AI.',
  },
  cheaper_model: {
    title: 'A cheaper model is as good',
    recommendation:
      'Use the cheaper model for this feature. You can first compare both with `GET ' +
      '/api/v1/ai/quality/comparison`, because questions were not assigned to models at random.',
  },
  yearly_billing_cheaper: {
    title: 'Paying by the year costs less',
    recommendation: 'Change the subscription to yearly: twelve months cost as much as ten.',
  },
  larger_plan_cheaper: {
    title: 'A larger plan costs less',
    recommendation:
      'Change to the suggested plan, with the suggested seats: it includes what is charged as overage now.',
  },
  smaller_plan_cheaper: {
    title: 'A smaller plan is enough',
    recommendation:
      'Change to the suggested plan, with the suggested seats: it has room for everything that the organization has.',
  },
};

export const presentInsight = (insight: Insight): InsightView => ({
  id: insight.id,
  kind: insight.kind,
  ...TEXTS[insight.kind],
  status: insight.status,
  found: insight.found,
  monthlySaving: presentAmount(insight.savingMicros),
  evidence: insight.evidence,
  detectedAt: insight.detectedAt.toISOString(),
  measuredAt: insight.measuredAt.toISOString(),
  statusChangedAt: insight.statusChangedAt?.toISOString() ?? null,
});

/**
 * Each row is another way to pay for plan and seats, so only one row can be followed; the kinds in a row go together.
 */
const ALTERNATIVES: readonly (readonly InsightKind[])[] = [
  ['unused_seats', 'yearly_billing_cheaper'],
  ['larger_plan_cheaper'],
  ['smaller_plan_cheaper'],
];

/** The savings that are possible together: only the largest of several alternatives. */
function addableSavings(open: readonly Insight[]): (bigint | null)[] {
  const savingsOf = (kinds: readonly InsightKind[]) =>
    open.filter(({ kind }) => kinds.includes(kind)).map(({ savingMicros }) => savingMicros ?? 0n);
  const sums = ALTERNATIVES.map((kinds) => savingsOf(kinds).reduce((sum, each) => sum + each, 0n));
  const best = sums.reduce((most, each) => (each > most ? each : most), 0n);
  const others = open.filter(({ kind }) => !ALTERNATIVES.flat().includes(kind));
  return [...others.map(({ savingMicros }) => savingMicros), best];
}

/** The insights, with the sum of the savings that are still possible. */
export function presentInsights(insights: readonly Insight[]): InsightsView {
  const open = insights.filter(
    ({ found, status }) => found && (status === 'active' || status === 'acknowledged'),
  );
  const { total, unknown } = sumAmounts(addableSavings(open));
  return {
    insights: insights.map(presentInsight),
    monthlySaving: presentMoney(total),
    unknownSavings: unknown,
  };
}
