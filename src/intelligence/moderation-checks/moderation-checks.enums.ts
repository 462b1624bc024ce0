/** The states of a check; all but the first are final. */
export const CHECK_STATES = ['running', 'done', 'failed'] as const;

/** Why no model has checked the lines. */
export const CHECK_REASONS = [
  'author_gone',
  'not_asked',
  'generation_failed',
  'generation_cancelled',
  'answer_cut',
  'answer_not_readable',
  'answer_gone',
] as const;
export type CheckReason = (typeof CHECK_REASONS)[number];
