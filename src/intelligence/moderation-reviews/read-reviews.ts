import type { Ctx } from '../../kernel/context/index.ts';
import { isError, type Page, pageOf, readCursor, requirePermission } from '../../kernel/core/index.ts';
import { chatErrors, readChat } from '../../messaging/chat/index.ts';
import { requireModerator, requireRoomAccess, restrictedViewer } from '../../rooms/access/index.ts';
import { reviewErrors } from './moderation-reviews.errors.ts';
import { selectContext, selectReview, selectReviews } from './moderation-reviews.queries.ts';
import type { ListReviews } from './moderation-reviews.schemas.ts';
import type { ModerationReview } from './moderation-reviews.tables.ts';

const CONTEXT_ON_EACH_SIDE = 5;

export interface ReviewWithContext {
  review: ModerationReview;
  /** Messages around the subject, the oldest first. */
  context: { messageId: string; identity: string; name: string; text: string; sentAt: Date }[];
}

const pageOfReviews = (rows: { review: ModerationReview }[], limit: number): Page<ModerationReview> =>
  pageOf(
    rows.map(({ review }) => review),
    limit,
    ({ id }) => id,
  );

/** The reviews of all rooms, the newest first. @throws AppError `auth.forbidden` */
export async function listReviews(ctx: Ctx, query: ListReviews): Promise<Page<ModerationReview>> {
  requirePermission(ctx.actor, 'moderation:read');
  const of = { roomId: undefined, viewer: restrictedViewer(ctx.actor) };
  const before = readCursor(query.cursor);
  const [rows] = await ctx.read((q) => [selectReviews(q, ctx.organizationId, of, { ...query, before })]);
  return pageOfReviews(rows, query.limit);
}

/** The reviews of a room, the newest first, for its moderators. @throws AppError `rooms.not_found` or `moderation.not_moderator` */
export async function listRoomReviews(
  ctx: Ctx,
  { roomId }: { roomId: string },
  query: ListReviews,
): Promise<Page<ModerationReview>> {
  const before = readCursor(query.cursor);
  const [access, rows] = await requireRoomAccess(ctx, { roomId }, (q) => [
    selectReviews(q, ctx.organizationId, { roomId, viewer: null }, { ...query, before }),
  ]);
  requireModerator(access);
  return pageOfReviews(rows, query.limit);
}

/** An administrator can decide reviews also in a room whose chat they may not read. */
function orNothing(error: unknown): [[], []] {
  if (isError(error, chatErrors.notAllowed)) return [[], []];
  throw error;
}

/**
 * A review with the messages around it, if the caller may read the chat.
 * @throws AppError as `listRoomReviews`; `moderation_reviews.not_found`
 */
export async function getReview(
  ctx: Ctx,
  { roomId, reviewId }: { roomId: string; reviewId: string },
): Promise<ReviewWithContext> {
  const [access, [review]] = await requireRoomAccess(ctx, { roomId }, (q) => [
    selectReview(q, ctx.organizationId, roomId, reviewId),
  ]);
  requireModerator(access);
  if (!review) throw reviewErrors.notFound();
  const [before, after] = await readChat(ctx, roomId, (q) =>
    selectContext(q, ctx.organizationId, review, CONTEXT_ON_EACH_SIDE),
  ).catch(orNothing);
  return { review, context: [...before.toReversed(), ...after] };
}
