import type { Ctx } from '../../kernel/context/index.ts';
import { type Page, pageOf, readCursor, requirePermission } from '../../kernel/core/index.ts';
import { isAdministrator } from '../../rooms/access/index.ts';
import { recommendationErrors } from './recommendations.errors.ts';
import { selectRecommendations, selectSession, summarizeRecommendations } from './recommendations.queries.ts';
import type { ListMetricsQuery, PerformanceSummaryView } from './recommendations.schemas.ts';

/** The user whose sessions the caller may see; undefined for all, which API keys and administrators see. */
function visibleUser({ actor }: Ctx): string | undefined {
  requirePermission(actor, 'calls:read');
  if (actor.kind === 'apiKey' || isAdministrator(actor)) return undefined;
  return actor.kind === 'user' ? actor.userId : '';
}

/** @throws AppError `compression.session_not_found`, also for somebody else's */
export async function getSession(ctx: Ctx, sessionId: string) {
  const userId = visibleUser(ctx);
  const [[found]] = await ctx.read((q) => [selectSession(q, ctx.organizationId, sessionId, userId)]);
  if (!found) throw recommendationErrors.sessionNotFound();
  return found;
}

type FoundRecommendation = Awaited<ReturnType<typeof selectRecommendations>>[number];

/** Lists recommendations, the newest first: of everybody for API keys and administrators, else the caller's own. */
export async function listMetrics(ctx: Ctx, query: ListMetricsQuery): Promise<Page<FoundRecommendation>> {
  const { limit, cursor, ...filter } = query;
  const userId = visibleUser(ctx);
  const page = { before: readCursor(cursor), limit };
  const [rows] = await ctx.read((q) => [
    selectRecommendations(q, ctx.organizationId, { ...filter, userId }, page),
  ]);
  return pageOf(rows, limit, ({ recommendation }) => recommendation.id);
}

/** What came of all recommendations of the organization in the last hours. @throws AppError `auth.forbidden` */
export async function getPerformanceSummary(ctx: Ctx, hours: number): Promise<PerformanceSummaryView> {
  requirePermission(ctx.actor, 'analytics:read');
  const from = new Date(ctx.clock.now() - hours * 3_600_000);
  const [[summary]] = await ctx.read((q) => [summarizeRecommendations(q, ctx.organizationId, from)]);
  return { from: from.toISOString(), ...summary! };
}
