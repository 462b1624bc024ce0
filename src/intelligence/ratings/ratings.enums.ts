export const RATING_KINDS = ['score', 'thumb'] as const;

export const THUMBS = ['up', 'down'] as const;
/** As what a thumb is stored. */
export const THUMB_RATINGS = { up: 5, down: 1 } as const;

/** What was used for a rated answer. */
export const RATED_FEATURES = ['api', 'agents', 'summaries', 'teams'] as const;
export type RatedFeature = (typeof RATED_FEATURES)[number];

/** What a rating is about. */
export const RATING_REASONS = [
  'helpful',
  'incorrect',
  'incomplete',
  'off_topic',
  'unsafe',
  'too_slow',
  'style',
  'other',
] as const;
