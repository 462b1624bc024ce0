/**
 * `completed`: it came to its end. `incomplete`: a limit ended it, with the result so far. `stopped`: by the person
 * who started it. `failed`: it could not continue.
 */
export const RUN_STATES = ['running', 'completed', 'incomplete', 'stopped', 'failed'] as const;
export type RunState = (typeof RUN_STATES)[number];

/** Why a run is incomplete. */
const LIMIT_REASONS = ['out_of_run_budget', 'out_of_budget', 'out_of_turns', 'out_of_time'] as const;
/** Why a run failed. */
const FAILURE_REASONS = [
  'access_ended',
  'not_included',
  'member_gone',
  'team_deleted',
  'turn_failed',
  'turn_refused',
  'plan_not_readable',
] as const;
export const RUN_REASONS = [...LIMIT_REASONS, ...FAILURE_REASONS] as const;
export type RunReason = (typeof RUN_REASONS)[number];

export const isLimit = (reason: RunReason): boolean => (LIMIT_REASONS as readonly string[]).includes(reason);

export const TURN_STATES = ['running', 'complete', 'failed', 'cancelled'] as const;
