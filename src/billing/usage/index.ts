export { usageRecorded } from './usage.events.ts';
export { meterExample, periodExample } from './usage.examples.ts';
export { presentMeter, presentPeriod } from './usage.present.ts';
export { hourQuantity, sumMeters, sumMetersWith } from './usage.queries.ts';
export { exactness, readers } from './usage.routes.ts';
export {
  forecast,
  forecastWindow,
  monthOf,
  type Period,
  refuse,
  requireMonth,
  resolveDimension,
  resolvePeriod,
} from './usage.rules.ts';
export {
  meterFields,
  periodFields,
  periodQueryFields,
  quantitySchema,
  type SummaryQuery,
  summaryQuerySchema,
} from './usage.schemas.ts';
