export { includedQuantity } from './included.rules.ts';
export { usageRecorded } from './usage.events.ts';
export { sumMeters } from './usage.queries.ts';
export { monthOf } from './usage.rules.ts';
