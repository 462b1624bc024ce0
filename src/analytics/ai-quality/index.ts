export { sumQuality } from './ai-quality.queries.ts';
export { type QualityRow, scoresOf, successOf, thumbsUpOf } from './figures.rules.ts';
export { differenceOfMeans, differenceOfShares, type ConfidenceInterval, meanOf } from './intervals.rules.ts';
