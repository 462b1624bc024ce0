export { usageRecorded } from './usage.events.ts';
export { meterExample, periodExample } from './usage.examples.ts';
export { presentMeter, presentPeriod } from './usage.present.ts';
export { hourQuantity, sumMeters } from './usage.queries.ts';
export { exactness, readers } from './usage.routes.ts';
export { forecast, forecastWindow, monthOf, type Period, refuse, resolvePeriod } from './usage.rules.ts';
export {
  meterFields,
  periodFields,
  periodQueryFields,
  quantitySchema,
  summaryQuerySchema,
} from './usage.schemas.ts';
