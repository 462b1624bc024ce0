/** `requested` until a process has it, then `active` until it is over. */
export const CALL_AGENT_STATES = ['requested', 'active', 'ended'] as const;

/** Why it ended. */
export const CALL_AGENT_REASONS = [
  'removed',
  'call_over',
  'agent_switched_off',
  'inviter_gone',
  'consent_needed',
  'not_in_plan',
] as const;
export type CallAgentReason = (typeof CALL_AGENT_REASONS)[number];
