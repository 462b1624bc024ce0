export type { ActionItem, Chapter, Citation, Claim, SummaryContent } from './claims.rules.ts';
export { citedClaims, transcriptOf } from './claims.rules.ts';
export { createSummary } from './create-summary.ts';
export { followUpOf } from './follow-up.rules.ts';
export { summaryErrors } from './summaries.errors.ts';
export { summaryFinished } from './summaries.events.ts';
export { selectSummaryById } from './summaries.queries.ts';
export { citationSchema } from './summaries.schemas.ts';
export type { Summary } from './summaries.tables.ts';
