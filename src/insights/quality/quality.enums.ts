/** Problems that a participant can report about a call; `other` is explained in the comment. */
export const FEEDBACK_REASONS = [
  'audio_dropouts',
  'audio_distorted',
  'echo',
  'noise',
  'not_heard',
  'could_not_hear',
  'video_frozen',
  'video_blurry',
  'out_of_sync',
  'delay',
  'disconnected',
  'could_not_join',
  'screen_share',
  'captions',
  'other',
] as const;
