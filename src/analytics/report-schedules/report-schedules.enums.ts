export const SCHEDULE_STATUSES = ['active', 'paused'] as const;

/** Why a schedule is paused: somebody did it, its runs failed, its owner or all recipients lost the right to see it. */
export const PAUSE_REASONS = ['requested', 'failures', 'owner', 'recipients'] as const;
export type PauseReason = (typeof PAUSE_REASONS)[number];

export const RUN_OUTCOMES = ['succeeded', 'failed', 'cancelled'] as const;
export type RunOutcome = (typeof RUN_OUTCOMES)[number];
