export const RATING_KINDS = ['score', 'thumb'] as const;

export const THUMBS = ['up', 'down'] as const;
/** How thumbs are stored. */
export const THUMB_RATINGS = { up: 5, down: 1 } as const;

/** The feature behind a rated answer. */
export const RATED_FEATURES = ['api', 'agents', 'summaries', 'teams'] as const;
export type RatedFeature = (typeof RATED_FEATURES)[number];

/** The subject of a rating. */
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
