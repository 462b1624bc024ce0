/** How a summary is made: from sentences of the transcript, or by a model. */
export const SUMMARY_METHODS = ['extractive', 'model'] as const;

/** The states of a summary; the last two are final. */
export const SUMMARY_STATES = ['running', 'ready', 'failed'] as const;

/** Why a summary failed. */
export const SUMMARY_REASONS = [
  'generation_failed',
  'generation_cancelled',
  'answer_cut',
  'answer_not_readable',
  'answer_gone',
] as const;
export type SummaryReason = (typeof SUMMARY_REASONS)[number];
