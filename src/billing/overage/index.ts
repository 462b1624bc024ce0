export { includedQuantity } from './included.rules.ts';
export {
  selectChargedPeriods,
  selectCredits,
  selectOverageOfMonth,
  selectPlanChanges,
  type SpanRow,
  spansOf,
} from './overage.queries.ts';
export {
  affordableQuantity,
  asIncludedMeter,
  countMonth,
  type OverageBasis,
  overageUnits,
  priceOverage,
  termsAt,
  toSpans,
  type UsageSpan,
} from './overage.rules.ts';
