export { STEP_KINDS, type StepKind, type WorkflowTrigger } from './meeting-workflows.enums.ts';
export { selectWorkflow, selectWorkflowsToRun } from './meeting-workflows.queries.ts';
export { type StepOf, type WorkflowStep, workflowStepSchema } from './meeting-workflows.schemas.ts';
export type { MeetingWorkflow } from './meeting-workflows.tables.ts';
