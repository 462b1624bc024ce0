import { QUIET_REASONS, RING_ENDS } from '../inbox/index.ts';

export const RING_STATUSES = ['ringing', ...RING_ENDS] as const;
export type RingStatus = (typeof RING_STATUSES)[number];

/** Why a ring is silent. `blocked` is never shown to anybody. */
export const UNHEARD_REASONS = [...QUIET_REASONS, 'blocked'] as const;
export type UnheardReason = (typeof UNHEARD_REASONS)[number];
