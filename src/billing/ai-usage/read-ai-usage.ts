import type { Ctx } from '../../kernel/context/index.ts';
import { requirePermission } from '../../kernel/core/index.ts';
import {
  type CostSummaryView,
  type FeaturesOfMeters,
  featuresOf,
  presentSummary,
  selectTimeZone,
  sumLines,
} from '../costs/index.ts';
import { presentPeriod, resolvePeriod } from '../usage/index.ts';
import { AI_FEATURES } from './ai-usage.enums.ts';
import { aiValueOf, isAiUse, sumUses } from './ai-usage.queries.ts';
import type { AiQuery, AiUsageView, QuantitiesView } from './ai-usage.schemas.ts';

/** The meters of AI, with their features. */
const aiFeaturesOf = (ctx: Ctx): FeaturesOfMeters =>
  featuresOf(ctx.meters.filter(({ feature }) => AI_FEATURES.includes(feature)));

type UsesRow = { uses: number; quantities: Record<string, string> };

const presentUses = (ctx: Ctx, { uses, quantities }: UsesRow): QuantitiesView => ({
  uses,
  quantities: ctx.meters.flatMap(({ name: meter, unit }) =>
    quantities[meter] === undefined ? [] : [{ meter, quantity: Number(quantities[meter]), unit }],
  ),
});

/**
 * The AI that the organization used in a period.
 * @throws AppError `auth.forbidden` without `usage:read`, or `request.invalid`
 */
export async function getAiUsage(
  ctx: Ctx,
  { by, limit, from, to, ...filter }: AiQuery,
): Promise<AiUsageView> {
  requirePermission(ctx.actor, 'usage:read');
  const { organizationId } = ctx;
  const period = resolvePeriod({ from, to }, ctx.clock.now());
  const given = { filter, features: aiFeaturesOf(ctx) };
  const [[zone], groups, all] = await ctx.read((q) => [
    selectTimeZone(q, organizationId),
    sumUses(q, organizationId, period, { ...given, by, limit: limit + 1 }),
    sumUses(q, organizationId, period, { ...given, by: null, limit: 1 }),
  ]);
  const hasMore = by !== 'day' && groups.rows.length > limit;
  return {
    ...presentPeriod(period),
    timeZone: zone?.timeZone ?? 'UTC',
    by,
    groups: groups.rows
      .slice(0, hasMore ? limit : undefined)
      .map((row) => ({ value: row.value, ...presentUses(ctx, row) })),
    hasMore,
    total: presentUses(ctx, all.rows[0] ?? { uses: 0, quantities: {} }),
  };
}

/**
 * The cost of the AI that the organization used in a period.
 * @throws AppError `auth.forbidden` without `usage:read`, or `request.invalid`
 */
export async function getAiCost(
  ctx: Ctx,
  { by, limit, from, to, ...filter }: AiQuery,
): Promise<CostSummaryView> {
  requirePermission(ctx.actor, 'usage:read');
  const { organizationId } = ctx;
  const period = resolvePeriod({ from, to }, ctx.clock.now());
  const features = aiFeaturesOf(ctx);
  const where = isAiUse(organizationId, filter, features);
  const value = aiValueOf(by, organizationId, features);
  const [[zone], groups, all] = await ctx.read((q) => [
    selectTimeZone(q, organizationId),
    sumLines(q, organizationId, period, { value, where, limit: by === 'day' ? null : limit }),
    sumLines(q, organizationId, period, { value: null, where, limit: null }),
  ]);
  const range = { from: period.from.toISOString(), to: period.to.toISOString() };
  return presentSummary({ ...range, timeZone: zone?.timeZone ?? 'UTC', by }, groups.rows, all.rows[0]!);
}
