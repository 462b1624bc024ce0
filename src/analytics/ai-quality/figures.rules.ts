import type { QualityFigures } from './ai-quality.queries.ts';
import { type Interval, type Moments, wilson } from './intervals.rules.ts';

/** The share of answers that were completed; null of none. */
export const successOf = ({ completed, failed }: QualityFigures): Interval | null =>
  wilson(completed, completed + failed);

/** The share of thumbs that are up; null of none. */
export const thumbsUpOf = ({ thumbs, thumbsUp }: QualityFigures): Interval | null => wilson(thumbsUp, thumbs);

export const scoresOf = ({
  scores: count,
  scoreSum: sum,
  scoreSquares: squares,
}: QualityFigures): Moments => ({
  count,
  sum,
  squares,
});
