/** `pcm16`: 16 kHz, one channel, 16 bit, little-endian. `opus`: one packet in each message. */
export const SOUND_ENCODINGS = ['pcm16', 'opus'] as const;
export type SoundEncoding = (typeof SOUND_ENCODINGS)[number];

/** Why a recognition ended. */
export const RECOGNITION_END_REASONS = [
  'closed',
  'abandoned',
  'too_long',
  'not_allowed',
  'speech_away',
] as const;
export type RecognitionEndReason = (typeof RECOGNITION_END_REASONS)[number];
