export { type QualityRow, sumQuality } from './ai-quality.queries.ts';
export { scoresOf, successOf, thumbsUpOf } from './figures.rules.ts';
export { differenceOfMeans, differenceOfShares, type Interval, meanOf } from './intervals.rules.ts';
