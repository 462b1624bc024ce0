/** The states of a recording; `recordings.rules.ts` has the moves between them. */
export const RECORDING_STATES = [
  'requested',
  'starting',
  'active',
  'finalizing',
  'verifying',
  'ready',
  'compressing',
  'held',
  'failed',
  'lost',
  'expired',
  'deleted',
] as const;
export type RecordingState = (typeof RECORDING_STATES)[number];

/** Why a recording is in its state, where the state alone does not say it. */
export const RECORDING_REASONS = [
  'no_recorder',
  'stopped_before_start',
  'consent_missing',
  'bucket_removed',
  'no_storage',
  'refused',
  'recorder_failed',
  'recorder_aborted',
  'recorder_hangs',
  'limit_reached',
  'no_file',
  'object_missing',
  'size_differs',
  'duration_differs',
  'not_verified',
  'not_listed',
] as const;
export type RecordingReason = (typeof RECORDING_REASONS)[number];

/** Why a recording was asked to stop. */
export const STOP_REASONS = [
  'requested',
  'call_ended',
  'room_deleted',
  'organization_deleted',
  'switched_off',
  'not_included',
  'consent_missing',
  'storage_full',
] as const;
export type RecordingStopReason = (typeof STOP_REASONS)[number];

export const RECORDING_KINDS = ['composite', 'audio', 'participant', 'track'] as const;
export type RecordingKind = (typeof RECORDING_KINDS)[number];

/** Why the file of a recording is deleted: somebody asked for it, or it has expired. */
export const DELETION_CAUSES = ['requested', 'expired'] as const;
