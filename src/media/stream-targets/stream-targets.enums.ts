export const TARGET_STATES = ['requested', 'active', 'ended', 'failed'] as const;
export type TargetState = (typeof TARGET_STATES)[number];

/** Why a target is over, if its state does not explain that. */
export const TARGET_REASONS = ['removed', 'address_refused', 'refused', 'not_sent'] as const;
export type TargetReason = (typeof TARGET_REASONS)[number];

/** The protocols of streams; all targets of a stream have the same. */
export const TARGET_PROTOCOLS = ['rtmp', 'srt'] as const;
