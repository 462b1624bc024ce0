import type { Ctx } from '../../kernel/context/index.ts';
import { identityOf } from '../../rooms/access/index.ts';
import type { FollowOutcome } from './recommendations.enums.ts';
import { recommendationErrors } from './recommendations.errors.ts';
import { selectRecommendation, storeOutcome } from './recommendations.queries.ts';

/** What a client did with a recommendation. */
interface Follow {
  recommendationId: string;
  outcome: FollowOutcome;
  skipped: string[];
}

type FoundRecommendation = Awaited<ReturnType<typeof selectRecommendation>>[number];

/** @throws AppError `compression.recommendation_not_found`, also for one that was made for somebody else or in another room */
function requireOwnRecommendation(
  { actor }: Ctx,
  roomId: string,
  found: FoundRecommendation | undefined,
): FoundRecommendation {
  const isOwn = found?.identity === identityOf(actor) && found?.roomId === roomId;
  if (!found || !isOwn) throw recommendationErrors.recommendationNotFound();
  return found;
}

/**
 * Stores what the client of a participant did with a recommendation that was made for them; the first answer stays.
 * @throws AppError `compression.recommendation_not_found`, also for somebody else's, or `request.stale` when two answers meet
 */
export async function followRecommendation(ctx: Ctx, roomId: string, follow: Follow): Promise<void> {
  const { recommendationId, outcome, skipped } = follow;
  const { organizationId } = ctx;
  const [[found]] = await ctx.read((q) => [selectRecommendation(q, organizationId, recommendationId)]);
  const own = requireOwnRecommendation(ctx, roomId, found);
  if (own.recommendation.outcome !== null) return;
  const followedAt = new Date(ctx.clock.now());
  await ctx.commit({
    write: (q) => [storeOutcome(q, organizationId, recommendationId, { outcome, skipped, followedAt })],
    result: undefined,
  });
}
