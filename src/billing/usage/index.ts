export { includedQuantity } from './included.rules.ts';
export { usageRecorded } from './usage.events.ts';
export { sumMeters } from './usage.queries.ts';
export { monthOf, type Period, resolvePeriod } from './usage.rules.ts';
export { periodQueryFields } from './usage.schemas.ts';
