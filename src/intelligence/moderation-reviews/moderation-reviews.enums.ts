/** The state of the subject when the review began: it is shown, or hidden from other people. */
export const REVIEW_ACTIONS = ['flag', 'hide'] as const;

/** What a person decides: it may be shown, or not. */
export const DECISIONS = ['approve', 'confirm'] as const;

/** The measures against the author. */
export const MEASURES = ['none', 'mute', 'remove'] as const;
export type ReviewMeasure = (typeof MEASURES)[number];

/** What found it: words of a rule, a model, or nothing, because no model could check it. */
export const REVIEW_SOURCES = ['words', 'model', 'not_checked'] as const;
