/** `open`: the cluster lets callers with the PIN in. */
export const DIAL_IN_STATES = ['open', 'closed'] as const;
export type DialInState = (typeof DIAL_IN_STATES)[number];

/** Why callers cannot come into a room. */
export const DIAL_IN_REASONS = [
  'no_call',
  'no_number',
  'locked',
  'lobby',
  'waits_for_host',
  'needs_consent',
  'room_ended',
  'other_cluster',
  'refused',
  'disabled',
  'not_included',
  'pin_unreadable',
  'room_deleted',
  'organization_deleted',
] as const;
export type DialInReason = (typeof DIAL_IN_REASONS)[number];
