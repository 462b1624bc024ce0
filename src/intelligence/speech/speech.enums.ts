/** Formats of sound, with their media types. */
export const SOUND_TYPES = {
  mp3: 'audio/mpeg',
  opus: 'audio/ogg',
  wav: 'audio/wav',
  flac: 'audio/flac',
  aac: 'audio/aac',
  pcm: 'audio/pcm',
} as const;
export const SOUND_FORMATS = ['mp3', 'opus', 'wav', 'flac', 'aac', 'pcm'] as const;
export type SoundFormat = (typeof SOUND_FORMATS)[number];
