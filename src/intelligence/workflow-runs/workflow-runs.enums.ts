/** The states of a run; all but the first are final until a person repeats it. */
export const RUN_STATES = ['running', 'done', 'failed', 'cancelled'] as const;
export type WorkflowRunState = (typeof RUN_STATES)[number];

/** The states of a step. `waiting`: for a person; later steps are done meanwhile. */
export const RUN_STEP_STATES = [
  'pending',
  'running',
  'waiting',
  'done',
  'skipped',
  'failed',
  'cancelled',
] as const;
export type RunStepState = (typeof RUN_STEP_STATES)[number];
