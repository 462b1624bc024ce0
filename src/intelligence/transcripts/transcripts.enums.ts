/** The states of a transcription; the last two are final. */
export const TRANSCRIPTION_STATES = ['requested', 'running', 'ready', 'failed'] as const;
export type TranscriptionState = (typeof TRANSCRIPTION_STATES)[number];

/** Why a transcription failed. */
export const TRANSCRIPTION_REASONS = [
  'no_sound',
  'not_readable',
  'too_long',
  'source_gone',
  'service_unavailable',
  'limit_reached',
] as const;
export type TranscriptionReason = (typeof TRANSCRIPTION_REASONS)[number];
