import { z } from '@hono/zod-openapi';
import { exampleId, idSchema } from '../../kernel/core/index.ts';
import { knownOrUnknownMoneySchema, moneySchema } from '../../kernel/money/index.ts';
import { INSIGHT_KINDS, INSIGHT_STATUSES } from './cost-insights.enums.ts';

const kind = z.enum(INSIGHT_KINDS).openapi({
  description:
    '`unused_rooms`: no call for 90 days. `unused_seats`: seats of the subscription without members. ' +
    '`time_alone`: one person was alone in a call for ten minutes or more, in total an hour in 30 days. ' +
    '`empty_egress`: recordings and streams ran while the call was empty, in total an hour in 30 days. ' +
    '`unused_recordings`: recordings in the storage of the product that were not downloaded or played for 90 ' +
    'days. `rising_call_time`: connected time of a call at least 25 % above the 30 days before. ' +
    '`rising_minute_cost`: the charge beyond the plan for a participant minute was at least 10 % higher in the ' +
    'last calendar month, UTC, than in the month before. `duplicate_transcriptions`: within 30 days a file or ' +
    'recording was transcribed again by the same model in the same language. `rising_ai_cost`: the charge for AI ' +
    'beyond the plan was at least 25 % higher in the last calendar month, UTC, than in the month before. ' +
    '`cheaper_model`: in 30 days a model was rated as highly as another one for the same feature, and its costs ' +
    'in `GET /ai/cost` were at least 10 % lower. `yearly_billing_cheaper`: a plan has been ' +
    'paid by the month for 90 days. `larger_plan_cheaper` and `smaller_plan_cheaper`: the usage of the last ' +
    'calendar month, UTC, costs less on another plan that is large enough.',
});
const status = z.enum(INSIGHT_STATUSES).openapi({
  description: '`active` until it is set to `acknowledged`, `implemented` or `dismissed`.',
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
    title: z.string().openapi({ description: 'The subject in a few words.' }),
    recommendation: z.string().openapi({ description: 'The recommended action.' }),
    status,
    found: z.boolean().openapi({ description: 'Whether the last measurement found it again.' }),
    monthlySaving: knownOrUnknownMoneySchema.describe(
      'Possible saving in a month, by the list prices of plans; `amountMicros` is null without a price.',
    ),
    evidence: z
      .record(z.string(), z.union([z.number(), z.string(), z.array(z.string())]))
      .openapi({ description: 'The figures on which it is based, by name; lists hold the first 20 ids.' }),
    detectedAt: z.iso.datetime().openapi({ description: 'When it was found for the first time.' }),
    measuredAt: z.iso.datetime().openapi({ description: 'When it was measured last.' }),
    statusChangedAt: z.iso
      .datetime()
      .nullable()
      .openapi({ description: 'When the status was set; null when it never was.' }),
  })
  .openapi('CostInsight');
export type InsightView = z.output<typeof insightSchema>;

export const insightsSchema = z
  .object({
    insights: z.array(insightSchema).openapi({ description: 'The insights, the largest saving first.' }),
    monthlySaving: moneySchema.describe(
      'Sum of the known savings of active and acknowledged insights. They can overlap, so the true saving may be ' +
        'smaller.',
    ),
    unknownSavings: z.int().openapi({ description: 'Number of these insights without a price.' }),
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
