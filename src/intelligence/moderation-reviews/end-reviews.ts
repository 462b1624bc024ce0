import { type Ctx, type Services, systemScope } from '../../kernel/context/index.ts';
import { retryStale } from '../../kernel/core/index.ts';
import { runSweep, type SweepOutcome } from '../../kernel/delivery/index.ts';
import { wasShown } from './decision.rules.ts';
import {
  deleteOldReviews,
  deleteReviewsOfUser,
  selectCaptionsGone,
  selectOpenSince,
  selectReviewsOfGone,
} from './expired-reviews.queries.ts';
import { changeReview, selectHeldMessage } from './moderation-reviews.queries.ts';
import type { ModerationReview } from './moderation-reviews.tables.ts';
import { endedEvents } from './review-records.ts';

/** How long a review waits for a decision. */
const OPEN_DAYS = 30;
/** How long a review is kept after it has ended. */
const KEPT_DAYS = 90;
const REVIEWS_AT_ONCE = 1_000;
const MAX_ATTEMPTS = 3;

/** Removes the words of a review; an open review ends. */
async function withdraw(ctx: Ctx, row: ModerationReview): Promise<void> {
  const ended = { state: 'withdrawn' as const, decidedAt: new Date(ctx.clock.now()) };
  const set = { text: '', ...(row.state === 'open' ? ended : {}) };
  await ctx.commit({
    write: (q) => [changeReview(q, row, set)],
    events: row.state === 'open' ? endedEvents(ctx, { ...row, ...set }) : [],
    result: undefined,
  });
}

/** When messages were deleted: removes the words of those that were shown, also of approved ones. */
export async function withdrawReviews(
  ctx: Ctx,
  { roomId, messageIds }: { roomId: string; messageIds: readonly string[] },
): Promise<void> {
  const [gone] = await ctx.read((q) => [selectReviewsOfGone(q, ctx.organizationId, roomId, messageIds)]);
  for (const row of gone) await withdraw(ctx, row);
}

/** When a transcript was corrected: captions that were recognized wrongly need no decision. */
export async function withdrawCaptions(
  ctx: Ctx,
  { transcriptionId }: { transcriptionId: string },
): Promise<void> {
  const of = { organizationId: ctx.organizationId, transcriptionId };
  const [gone] = await ctx.read((q) => [selectCaptionsGone(q, of, REVIEWS_AT_ONCE)]);
  for (const row of gone) await withdraw(ctx, row);
}

/** When a user was erased: deletes the reviews of their messages and captions, in all organizations. */
export async function eraseReviews(ctx: Ctx, { userId }: { userId: string }): Promise<void> {
  await ctx.commit({
    scope: systemScope,
    write: (q) => [deleteReviewsOfUser(q, userId)],
    result: undefined,
  });
}

async function takeBackOnce(ctx: Ctx, roomId: string, identity: string, messageId: string) {
  const [[row]] = await ctx.read((q) => [
    selectHeldMessage(q, ctx.organizationId, roomId, { identity, messageId }),
  ]);
  // Words that the room has seen remain for the review, even if they were hidden afterwards.
  if (!row || wasShown(row)) return false;
  if (row.state === 'open') await withdraw(ctx, row);
  return true;
}

/** The author deletes a message that the room has never seen. @returns false when no such message waits */
export const takeBackHeld = (
  ctx: Ctx,
  roomId: string,
  { identity, messageId }: { identity: string; messageId: string },
): Promise<boolean> => retryStale(MAX_ATTEMPTS, () => takeBackOnce(ctx, roomId, identity, messageId));

const daysBefore = ({ clock }: Services, days: number) => new Date(clock.now() - days * 86_400_000);

/** Scheduled each hour: ends reviews that have waited too long for a decision. */
export async function endOldReviews(services: Services): Promise<SweepOutcome> {
  const [old] = await services.database.read(systemScope, (q) => [
    selectOpenSince(q, daysBefore(services, OPEN_DAYS), REVIEWS_AT_ONCE),
  ]);
  return runSweep(services, 'moderation-reviews.expire', old, withdraw);
}

/** Scheduled each hour: ends reviews whose words are no longer in a transcript. */
export async function endCaptionsGone(services: Services): Promise<SweepOutcome> {
  const [gone] = await services.database.read(systemScope, (q) => [
    selectCaptionsGone(q, {}, REVIEWS_AT_ONCE),
  ]);
  return runSweep(services, 'moderation-reviews.captions', gone, withdraw);
}

/** Scheduled each hour: deletes reviews that ended 90 days ago. */
export async function forgetReviews(services: Services): Promise<{ deleted: number }> {
  const [deleted] = await services.database.read(systemScope, (q) => [
    deleteOldReviews(q, daysBefore(services, KEPT_DAYS), REVIEWS_AT_ONCE),
  ]);
  return { deleted: deleted.length };
}
