/** The kinds of outcomes of a call. */
export const OUTCOME_KINDS = ['decision', 'action_item'] as const;
export type OutcomeKind = (typeof OUTCOME_KINDS)[number];
