/** The states of a stream; `streams.rules.ts` has the moves between them. */
export const STREAM_STATES = [
  'requested',
  'starting',
  'active',
  'finalizing',
  'ended',
  'failed',
  'lost',
] as const;
export type StreamState = (typeof STREAM_STATES)[number];

/** Why a stream is in its state, where the state alone does not say it. */
export const STREAM_REASONS = [
  'no_recorder',
  'stopped_before_start',
  'bucket_removed',
  'no_target',
  'refused',
  'recorder_failed',
  'recorder_aborted',
  'recorder_hangs',
  'limit_reached',
  'not_listed',
] as const;
export type StreamReason = (typeof STREAM_REASONS)[number];

/** Why a stream was asked to stop. */
export const STREAM_STOP_REASONS = [
  'requested',
  'call_ended',
  'room_deleted',
  'organization_deleted',
  'switched_off',
  'not_included',
] as const;
export type StreamStopReason = (typeof STREAM_STOP_REASONS)[number];

export const STREAM_LAYOUTS = ['grid', 'speaker', 'single-speaker'] as const;
