import type { Ctx } from '../../kernel/context/index.ts';
import { requirePermission } from '../../kernel/core/index.ts';
import { askedRange, selectQuality, selectRange } from '../rollups/index.ts';
import type { QualityAnalyticsQuery } from './call-quality.schemas.ts';

/** How good calls were in a range and in the period before it. @throws AppError `auth.forbidden` without `analytics:read` */
export async function getQualityAnalytics(ctx: Ctx, query: QualityAnalyticsQuery) {
  requirePermission(ctx.actor, 'analytics:read');
  const now = new Date(ctx.clock.now());
  const request = { organizationId: ctx.organizationId, asked: askedRange(query), now };
  const [[range], current, previous] = await ctx.read((q) => [
    selectRange(q, request),
    selectQuality(q, request, 'current', query.groupBy),
    selectQuality(q, request, 'previous', 'connection'),
  ]);
  return { range: range!, current, previous };
}
export type QualityOfRange = Awaited<ReturnType<typeof getQualityAnalytics>>;
