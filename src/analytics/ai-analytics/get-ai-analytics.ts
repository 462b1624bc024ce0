import type { Ctx } from '../../kernel/context/index.ts';
import { requirePermission } from '../../kernel/core/index.ts';
import { TOKEN_METERS } from '../../intelligence/models/index.ts';
import { askedRange, selectRange } from '../rollups/index.ts';
import { selectBuckets, selectCosts, selectDays } from './ai-analytics.queries.ts';
import type { AiAnalyticsQuery } from './ai-analytics.schemas.ts';

/** How models were asked in a range and in the period before it. @throws AppError `auth.forbidden` without `analytics:read` */
export async function getAiAnalytics(ctx: Ctx, query: AiAnalyticsQuery) {
  requirePermission(ctx.actor, 'analytics:read');
  const now = new Date(ctx.clock.now());
  const request = { organizationId: ctx.organizationId, asked: askedRange(query), now };
  const [[range], current, previous, days, costs, costsBefore] = await ctx.read((q) => [
    selectRange(q, request),
    selectBuckets(q, request, 'current'),
    selectBuckets(q, request, 'previous'),
    selectDays(q, request),
    selectCosts(q, request, 'current', TOKEN_METERS),
    selectCosts(q, request, 'previous', TOKEN_METERS),
  ]);
  return {
    groupBy: query.groupBy,
    range: range!,
    current: { buckets: current.rows, costs: costs.rows },
    previous: { buckets: previous.rows, costs: costsBefore.rows },
    days: days.rows,
  };
}
export type AiOfRange = Awaited<ReturnType<typeof getAiAnalytics>>;
