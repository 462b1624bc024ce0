export { replaceOutcomes } from './call-outcomes.queries.ts';
export type { CallOutcome } from './call-outcomes.tables.ts';
