import { type ConfidenceInterval, type Moments, wilson } from './intervals.rules.ts';

/** Figures of the answers of one model. */
export interface AnswerQualityFigures {
  model: string;
  completed: number;
  failed: number;
  cancelled: number;
  /** Answers from the cache: no model was asked, and no other figure includes them. */
  reused: number;
  firstMedianMs: number | null;
  firstP95Ms: number | null;
  durationMedianMs: number | null;
  durationP95Ms: number | null;
  costMicros: string;
  /** Answers whose cost is not completely known. */
  unknownCosts: number;
  thumbs: number;
  thumbsUp: number;
  scores: number;
  scoreSum: number;
  scoreSquares: number;
}

/** Figures of the answers of one model for one feature. */
export interface QualityRow extends AnswerQualityFigures {
  provider: string;
  feature: string;
}

/** The share of answers that were completed; null without answers. */
export const successOf = ({ completed, failed }: AnswerQualityFigures): ConfidenceInterval | null =>
  wilson(completed, completed + failed);

/** The share of thumbs up; null without thumbs. */
export const thumbsUpOf = ({ thumbs, thumbsUp }: AnswerQualityFigures): ConfidenceInterval | null =>
  wilson(thumbsUp, thumbs);

export const scoresOf = ({
  scores: count,
  scoreSum: sum,
  scoreSquares: squares,
}: AnswerQualityFigures): Moments => ({
  count,
  sum,
  squares,
});
