import type { Ctx } from '../../kernel/context/index.ts';
import { requirePermission } from '../../kernel/core/index.ts';
import { insightErrors } from './cost-insights.errors.ts';
import { changeStatus, type Insight, selectInsight, selectInsights } from './cost-insights.queries.ts';
import type { InsightQuery, UpdateInsight } from './cost-insights.schemas.ts';

/** Insights that the last measurement found, and implemented ones. */
const isShown = ({ found, status }: Insight) => found || status === 'implemented';

/** The insights of the organization, the largest saving first. @throws AppError `auth.forbidden` without `analytics:read` */
export async function listInsights(ctx: Ctx, query: InsightQuery): Promise<Insight[]> {
  requirePermission(ctx.actor, 'analytics:read');
  const [rows] = await ctx.read((q) => [selectInsights(q, ctx.organizationId)]);
  return rows.filter((row) => isShown(row) && (query.status === undefined || row.status === query.status));
}

/**
 * Sets the status of an insight.
 * @throws AppError `cost_insights.not_found`, or `auth.forbidden` without `analytics:write`
 */
export async function updateInsight(
  ctx: Ctx,
  insightId: string,
  { status }: UpdateInsight,
): Promise<Insight> {
  requirePermission(ctx.actor, 'analytics:write');
  const [[insight]] = await ctx.read((q) => [selectInsight(q, ctx.organizationId, insightId)]);
  if (!insight || !isShown(insight)) throw insightErrors.notFound();
  const changed = { ...insight, status, statusChangedAt: new Date(ctx.clock.now()) };
  return ctx.commit({
    write: (q) => [changeStatus(q, changed)],
    audit: {
      action: 'cost_insight.updated',
      target: { type: 'cost_insight', id: insightId },
      before: { status: insight.status },
      after: { status },
    },
    result: changed,
  });
}
