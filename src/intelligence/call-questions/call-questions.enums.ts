/** The states of a question; all but the first are final. `not_found`: nothing in the call answers it. */
export const QUESTION_STATES = ['running', 'answered', 'not_found', 'failed'] as const;

/** Why there is no answer. */
export const QUESTION_REASONS = [
  'generation_failed',
  'generation_cancelled',
  'answer_cut',
  'answer_not_readable',
  'answer_gone',
] as const;
export type QuestionReason = (typeof QUESTION_REASONS)[number];

/** The kinds of moments in a call. */
export const MOMENT_KINDS = ['speech', 'chat'] as const;
