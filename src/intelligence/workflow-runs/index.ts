export { mailOf } from './mail.rules.ts';
export { cancellationOf } from './manage-runs.ts';
export { selectAttendees } from './recipients.queries.ts';
export { type MailRecipient, recipientsOf } from './recipients.rules.ts';
export * from './runs.rules.ts';
export type { WorkflowRunState } from './workflow-runs.enums.ts';
export { runAdvanced, runEnded } from './workflow-runs.events.ts';
export * from './workflow-runs.queries.ts';
export type { RunStep, WorkflowRun } from './workflow-runs.tables.ts';
