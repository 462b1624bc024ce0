import { QUIET_REASONS, RING_ENDS } from '../inbox/index.ts';

export const RING_STATUSES = ['ringing', ...RING_ENDS] as const;
export type RingStatus = (typeof RING_STATUSES)[number];

/** Why a ring made no sound. That somebody is blocked is told to nobody. */
export const UNHEARD_REASONS = [...QUIET_REASONS, 'blocked'] as const;
export type UnheardReason = (typeof UNHEARD_REASONS)[number];
