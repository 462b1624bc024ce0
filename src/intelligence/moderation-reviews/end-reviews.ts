import { type Ctx, type Services, systemScope } from '../../kernel/context/index.ts';
import { changeReview, deleteOldReviews, selectOpenReviewsOf } from './moderation-reviews.queries.ts';
import type { ModerationReview } from './moderation-reviews.tables.ts';
import { endedEvents } from './review-records.ts';

/** How long a review is kept after it has ended. */
const KEPT_DAYS = 90;
const REVIEWS_AT_ONCE = 1_000;

async function withdraw(ctx: Ctx, row: ModerationReview): Promise<void> {
  const set = { state: 'withdrawn' as const, text: '', decidedAt: new Date(ctx.clock.now()) };
  await ctx.commit({
    write: (q) => [changeReview(q, row, set)],
    events: endedEvents(ctx, { ...row, ...set }),
    result: undefined,
  });
}

/** When messages were deleted: ends the reviews of those that were shown, whose words are gone. */
export async function withdrawReviews(
  ctx: Ctx,
  { roomId, messageIds }: { roomId: string; messageIds: readonly string[] },
): Promise<void> {
  const [open] = await ctx.read((q) => [selectOpenReviewsOf(q, ctx.organizationId, roomId, messageIds)]);
  for (const row of open) if (row.action === 'flag') await withdraw(ctx, row);
}

/** Scheduled each hour: deletes reviews that ended 90 days ago. @returns how many */
export async function sweepReviews(services: Services): Promise<number> {
  const before = new Date(services.clock.now() - KEPT_DAYS * 86_400_000);
  const [deleted] = await services.database.read(systemScope, (q) => [
    deleteOldReviews(q, before, REVIEWS_AT_ONCE),
  ]);
  return deleted.length;
}
