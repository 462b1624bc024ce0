export { meterErrors } from './meters.errors.ts';
export { metersWith, selectOwnMeters } from './meters.queries.ts';
export { listMeterViews, type OwnMeterRow, requireDistinctMeters } from './meters.rules.ts';
export {
  dimensionNameSchema,
  meterNameSchema,
  type MeterView,
  ownMeterNameSchema,
} from './meters.schemas.ts';
