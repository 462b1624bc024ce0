/**
 * The states of a recording, in the order in which it goes through them; it never goes back. From `ready` on it is over, as it
 * is with `failed` and `lost`.
 */
export const RECORDING_STATES = [
  'requested',
  'starting',
  'active',
  'finalizing',
  'verifying',
  'ready',
  'failed',
  'lost',
  'deleted',
] as const;
export type RecordingState = (typeof RECORDING_STATES)[number];

/** Why a recording is in its state, where the state alone does not say it. */
export const RECORDING_REASONS = [
  'no_recorder',
  'call_ended',
  'stopped_before_start',
  'bucket_removed',
  'refused',
  'recorder_failed',
  'recorder_aborted',
  'limit_reached',
  'no_file',
  'object_missing',
  'size_differs',
  'duration_differs',
  'not_verified',
  'not_listed',
] as const;
export type RecordingReason = (typeof RECORDING_REASONS)[number];

export const RECORDING_KINDS = ['composite', 'audio'] as const;
