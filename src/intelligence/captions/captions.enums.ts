/** Why captions ended. */
export const CAPTION_END_REASONS = [
  'stopped',
  'call_ended',
  'switched_off',
  'not_included',
  'removed',
  'out_of_budget',
  'limit_reached',
] as const;
export type CaptionEndReason = (typeof CAPTION_END_REASONS)[number];
