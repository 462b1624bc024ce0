export const PHONE_CALL_STATES = [
  'requested',
  'dialing',
  'ringing',
  'active',
  'ending',
  'ended',
  'failed',
] as const;
export type PhoneCallState = (typeof PHONE_CALL_STATES)[number];

/** `out`: called from here. `in`: called a number of the organization. */
export const PHONE_CALL_DIRECTIONS = ['out', 'in'] as const;

/** Why a telephone call has to end, whatever the other side does. */
export const STOP_REASONS = [
  'cancelled',
  'ended_by_host',
  'transferred',
  'removed',
  'call_ended',
  'trunk_closed',
  'number_closed',
  'not_included',
  'room_deleted',
  'organization_deleted',
] as const;
/** `limit_reached` is in both lists: it also refuses a telephone call that has just come in. */
export type PhoneCallStopReason = (typeof STOP_REASONS)[number] | 'limit_reached';

/** Why a telephone call is over or ends. */
export const PHONE_CALL_REASONS = [
  ...STOP_REASONS,
  'hung_up',
  'no_answer',
  'declined',
  'line_failed',
  'number_not_allowed',
  'address_refused',
  'password_unreadable',
  'refused',
  'no_worker',
  'not_admitted',
  'room_full',
  'limit_reached',
  'too_late',
  'lost',
] as const;
export type PhoneCallReason = (typeof PHONE_CALL_REASONS)[number];

/** What became of the transfer of a telephone call; `unknown` when the answer of the cluster was lost. */
export const TRANSFER_STATES = ['requested', 'asked', 'done', 'failed', 'unknown'] as const;
export type TransferState = (typeof TRANSFER_STATES)[number];
