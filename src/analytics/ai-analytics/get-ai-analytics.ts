import type { Ctx } from '../../kernel/context/index.ts';
import { requirePermission } from '../../kernel/core/index.ts';
import { askedRange, selectRange } from '../rollups/index.ts';
import { selectBuckets, selectSteps } from './ai-analytics.queries.ts';
import type { AiAnalyticsQuery } from './ai-analytics.schemas.ts';

/**
 * The requests to models in a range and in the period before it.
 * @throws AppError `auth.forbidden` without `analytics:read`
 */
export async function getAiAnalytics(ctx: Ctx, query: AiAnalyticsQuery) {
  requirePermission(ctx.actor, 'analytics:read');
  const { organizationId } = ctx;
  const { feature, groupBy, interval } = query;
  const request = { organizationId, asked: askedRange(query), now: new Date(ctx.clock.now()), feature };
  const [[range], current, previous, steps] = await ctx.read((q) => [
    selectRange(q, request),
    selectBuckets(q, request, 'current'),
    selectBuckets(q, request, 'previous'),
    selectSteps(q, request, interval),
  ]);
  return { groupBy, range: range!, current: current.rows, previous: previous.rows, steps: steps.rows };
}
export type AiOfRange = Awaited<ReturnType<typeof getAiAnalytics>>;
