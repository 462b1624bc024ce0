export { costsByDay } from './cost-days.queries.ts';
export { summaryExample as costSummaryExample } from './costs.examples.ts';
export { dayOf, featureOf, selectTimeZone, sumLines } from './costs.queries.ts';
export { type FeaturesOfMeters, featuresOf, presentSum, sumOf } from './costs.rules.ts';
export { summarySchema as costSummarySchema, type CostSummaryView } from './costs.schemas.ts';
export { presentSummary } from './read-costs.ts';
