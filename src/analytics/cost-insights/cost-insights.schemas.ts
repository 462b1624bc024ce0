import { z } from '@hono/zod-openapi';
import { exampleId, idSchema } from '../../kernel/core/index.ts';
import { knownOrUnknownMoneySchema, moneySchema } from '../../kernel/money/index.ts';
import { INSIGHT_KINDS, INSIGHT_STATUSES } from './cost-insights.enums.ts';

const kind = z.enum(INSIGHT_KINDS).openapi({
  description:
    '`unused_rooms`: no call for 90 days. `unused_seats`: seats of the subscription without members. `time_alone`: one person alone in a call for ten minutes or more, an hour together in 30 ' +
    'days. `empty_egress`: recordings and streams ran while nobody was in the call, an hour together in 30 days. `unused_recordings`: recordings in the storage of the product that nobody downloaded or played for 90 days. `rising_call_time`: connected time of a call at least 25 % above the 30 days before. `rising_minute_cost`: what ' +
    'is charged beyond the plan for a participant minute was at least 10 % more in the last calendar month, UTC, than in the one before. `duplicate_transcriptions`: a file or recording was written down again by the same model in the same language in 30 days. ' +
    '`rising_ai_cost`: what is charged for AI beyond the plan was at least 25 % more in the last calendar month, UTC, than in the one before. `cheaper_model`: in 30 days people rated a model as well as another one for the same feature, and its answers cost at least 10 % less at the provider, as `GET /ai/cost` has it. `yearly_billing_cheaper`: a plan is paid ' +
    'by the month for 90 days. `larger_plan_cheaper` and ' +
    '`smaller_plan_cheaper`: the use of the last calendar month, UTC, costs less on another plan that has room for what there is.',
});
const status = z.enum(INSIGHT_STATUSES).openapi({
  description: '`active` until somebody sets another: `acknowledged`, `implemented` or `dismissed`.',
});

const insightId = idSchema('costInsight').openapi({ description: 'Id of the insight.' });
export const insightParamsSchema = z.strictObject({ costInsightId: insightId });
export const insightQuerySchema = z.strictObject({
  status: z.enum(INSIGHT_STATUSES).optional().openapi({ description: 'Only insights with this status.' }),
});
export type InsightQuery = z.output<typeof insightQuerySchema>;
export const updateInsightSchema = z.strictObject({ status });
export type UpdateInsight = z.output<typeof updateInsightSchema>;

export const insightSchema = z
  .object({
    id: insightId,
    kind,
    title: z.string().openapi({ description: 'What it is about, in a few words.' }),
    recommendation: z.string().openapi({ description: 'What can be done.' }),
    status,
    found: z.boolean().openapi({ description: 'Whether the last measurement found it again.' }),
    monthlySaving: knownOrUnknownMoneySchema.describe(
      'What it could save in a month, by the list prices of plans; `amountMicros` is null without a price.',
    ),
    evidence: z
      .record(z.string(), z.union([z.number(), z.string(), z.array(z.string())]))
      .openapi({ description: 'The figures that it rests on, by name; lists hold the first 20 ids.' }),
    detectedAt: z.iso.datetime().openapi({ description: 'When it was found for the first time.' }),
    measuredAt: z.iso.datetime().openapi({ description: 'When it was measured last.' }),
    statusChangedAt: z.iso
      .datetime()
      .nullable()
      .openapi({ description: 'When the status was set; null for one that nobody has set.' }),
  })
  .openapi('CostInsight');
export type InsightView = z.output<typeof insightSchema>;

export const insightsSchema = z
  .object({
    insights: z.array(insightSchema).openapi({ description: 'The insights, the largest saving first.' }),
    monthlySaving: moneySchema.describe(
      'Known savings of active and acknowledged insights that were found, together. They can overlap: it is at most so much.',
    ),
    unknownSavings: z.int().openapi({ description: 'How many of these have no price.' }),
  })
  .openapi('CostInsights');
export type InsightsView = z.output<typeof insightsSchema>;

export const insightExample: InsightView = {
  id: exampleId('costInsight'),
  kind: 'larger_plan_cheaper',
  title: 'A larger plan costs less',
  recommendation: 'Change to the suggested plan: it includes what is charged as overage now.',
  status: 'active',
  found: true,
  monthlySaving: { amountMicros: 41_000_000, currency: 'USD' },
  evidence: {
    plan: 'free',
    suggestedPlan: 'pro',
    suggestedSeats: 0,
    usedMinutes: 10_000,
    includedMinutes: 1_000,
  },
  detectedAt: '2026-01-05T03:00:00.000Z',
  measuredAt: '2026-01-06T03:00:00.000Z',
  statusChangedAt: null,
};
export const insightsExample: InsightsView = {
  insights: [insightExample],
  monthlySaving: { amountMicros: 41_000_000, currency: 'USD' },
  unknownSavings: 0,
};
