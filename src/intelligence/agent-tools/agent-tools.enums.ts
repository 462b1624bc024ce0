/**
 * Of a call of a tool: `awaiting` a decision, `running`, `done`, `failed`, or `refused` by the person. One that runs when its answer has
 * ended may have been done or not.
 */
export const STEP_STATES = ['awaiting', 'running', 'done', 'failed', 'refused'] as const;
export type StepState = (typeof STEP_STATES)[number];
