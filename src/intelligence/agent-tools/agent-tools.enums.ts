/**
 * The states of a tool call: `awaiting` a decision, `running`, `done`, `failed`, or `refused` by the person. When it
 * is still running after its answer has ended, the call may or may not have been made.
 */
export const STEP_STATES = ['awaiting', 'running', 'done', 'failed', 'refused'] as const;
export type StepState = (typeof STEP_STATES)[number];
