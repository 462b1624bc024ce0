import type { Ctx } from '../../kernel/context/index.ts';
import {
  actorId,
  type Page,
  pageOf,
  type PageQuery,
  readCursor,
  requirePermission,
} from '../../kernel/core/index.ts';
import { askerOf } from '../generations/index.ts';
import { findAnswer } from './find-answer.ts';
import { THUMB_RATINGS } from './ratings.enums.ts';
import { ratingErrors } from './ratings.errors.ts';
import {
  deleteRatingRow,
  type ListedRating,
  selectOwnRating,
  selectRatings,
  upsertRating,
} from './ratings.queries.ts';
import type { RateAnswer } from './ratings.schemas.ts';
import type { Rating } from './ratings.tables.ts';

const storedValue = ({ thumb, score }: RateAnswer): Pick<Rating, 'kind' | 'rating'> =>
  thumb === null ? { kind: 'score', rating: score! } : { kind: 'thumb', rating: THUMB_RATINGS[thumb] };

/**
 * Rates an answer that the caller may read, in place of their earlier rating.
 * @throws AppError `ratings.answer_not_found`, `ratings.not_ended` or `auth.forbidden`
 */
export async function rateAnswer(ctx: Ctx, answerId: string, input: RateAnswer): Promise<Rating> {
  requirePermission(ctx.actor, 'ai:write');
  const { answer, endedAt } = await findAnswer(ctx, answerId);
  if (endedAt === null) throw ratingErrors.notEnded();
  const asker = askerOf(ctx.actor);
  const rater = (asker.userId ?? asker.apiKeyId)!;
  const now = new Date(ctx.clock.now());
  const [[before]] = await ctx.read((q) => [selectOwnRating(q, ctx.organizationId, rater, answer.answerId)]);
  const row: Rating = {
    ...answer,
    ...asker,
    ...storedValue(input),
    reason: input.reason,
    text: input.text,
    id: before?.id ?? ctx.ids.create('rating'),
    organizationId: ctx.organizationId,
    rater,
    createdAt: before?.createdAt ?? now,
    updatedAt: now,
    version: (before?.version ?? 0) + 1,
  };
  return ctx.commit({
    write: (q) => [upsertRating(q, row)],
    result: row,
  });
}

/** The caller's own rating. @throws AppError `ratings.not_found` or `auth.forbidden` */
export async function getRating(ctx: Ctx, answerId: string): Promise<Rating> {
  requirePermission(ctx.actor, 'ai:read');
  const [[row]] = await ctx.read((q) => [
    selectOwnRating(q, ctx.organizationId, actorId(ctx.actor)!, answerId),
  ]);
  if (!row) throw ratingErrors.notFound();
  return row;
}

/** Removes the caller's own rating. @throws AppError `ratings.not_found` or `auth.forbidden` */
export async function deleteRating(ctx: Ctx, answerId: string): Promise<void> {
  requirePermission(ctx.actor, 'ai:write');
  const row = await getRating(ctx, answerId);
  return ctx.commit({ write: (q) => [deleteRatingRow(q, row)], result: undefined });
}

/** The ratings, the newest first, without the person and the answer. @throws AppError `auth.forbidden` */
export async function listRatings(ctx: Ctx, { cursor, limit }: PageQuery): Promise<Page<ListedRating>> {
  requirePermission(ctx.actor, 'analytics:read');
  const page = { before: readCursor(cursor), limit };
  const [rows] = await ctx.read((q) => [selectRatings(q, ctx.organizationId, page)]);
  return pageOf(rows, limit, ({ rating }) => rating.id);
}
