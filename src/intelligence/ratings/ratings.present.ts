import { type RatedFeature, THUMB_RATINGS } from './ratings.enums.ts';
import type { ListedRating } from './ratings.queries.ts';
import type { ListedRatingView, RatingView } from './ratings.schemas.ts';
import type { Rating } from './ratings.tables.ts';

/** The value as in the API: a thumb or a score. */
const valueOf = ({ kind, rating }: Rating): Pick<RatingView, 'thumb' | 'score'> =>
  kind === 'score'
    ? { thumb: null, score: rating }
    : { thumb: rating === THUMB_RATINGS.up ? 'up' : 'down', score: null };

export const presentRating = (row: Rating): RatingView => ({
  answerId: row.answerId,
  ...valueOf(row),
  reason: row.reason,
  text: row.text,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
});

function featureOf({ rating: { messageId, summaryId, runId }, turnId }: ListedRating): RatedFeature {
  if (messageId !== null) return 'agents';
  if (summaryId !== null) return 'summaries';
  return runId === null && turnId === null ? 'api' : 'teams';
}

export const presentListed = (row: ListedRating): ListedRatingView => ({
  feature: featureOf(row),
  model: row.model,
  ...valueOf(row.rating),
  reason: row.rating.reason,
  text: row.rating.text,
  updatedAt: row.rating.updatedAt.toISOString(),
});
