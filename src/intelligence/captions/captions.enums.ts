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

/** What translates captions; `auto`: rules, or a model for what they cannot do. */
export const CAPTION_ENGINES = ['rules', 'auto', 'model'] as const;
export type CaptionEngine = (typeof CAPTION_ENGINES)[number];
