/** What a client did with a recommendation. */
export const FOLLOW_OUTCOMES = ['followed', 'partly', 'ignored'] as const;
export type FollowOutcome = (typeof FOLLOW_OUTCOMES)[number];
