export { type GroupFigures, addGroups, figureOf, isExactTop, meanOf, totalOf } from './figures.rules.ts';
export { percentilesOf, type Histogram } from './histograms.rules.ts';
export {
  askedRange,
  checkRange,
  presentRange,
  rangeExample,
  rangeFields,
  rangeSchema,
} from './range.schemas.ts';
export { type CallType, CONNECTION_TYPES, DEVICE_TYPES, VIDEO_CODECS } from './rollups.enums.ts';
export {
  type BucketQuality,
  type BucketTotals,
  INTERVALS,
  type RangeRequest,
  rangeTable,
  selectQuality,
  selectRange,
  selectTimeline,
  selectTop,
  selectTotals,
  type TopRow,
} from './rollups.queries.ts';
export { estimateDistinct } from './sketches.rules.ts';
export { buildTimeZones, measureLateCalls, refreshRollups } from './refresh-rollups.ts';
