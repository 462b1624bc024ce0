/** The vocabularies of the inbox and of those who speak to it: plain, for tables, schemas and rules alike. */

/** What others see of somebody. */
export const PRESENCE_STATUSES = ['online', 'away', 'busy', 'dnd', 'offline'] as const;
export type PresenceStatus = (typeof PRESENCE_STATUSES)[number];

/** How a ring ends. busy: it never rang. missed: nobody answered in time. */
export const RING_ENDS = ['accepted', 'declined', 'cancelled', 'busy', 'missed'] as const;
export type RingEnd = (typeof RING_ENDS)[number];

/** Why a ring made no sound. */
export const QUIET_REASONS = ['busy', 'do_not_disturb', 'screened'] as const;
export type QuietReason = (typeof QUIET_REASONS)[number];
