/** The vocabulary of media tracks: plain, for tables, schemas and rules alike. */
export const TRACK_KINDS = ['audio', 'video', 'data'] as const;
export type TrackKind = (typeof TRACK_KINDS)[number];

export const TRACK_SOURCES = [
  'camera',
  'microphone',
  'screen_share',
  'screen_share_audio',
  'unknown',
] as const;
export type TrackSource = (typeof TRACK_SOURCES)[number];

/** How long after its expiry LiveKit still takes a token, in seconds: the leeway of its JWT library, which is fixed. */
export const TOKEN_LEEWAY_SECONDS = 60;
