export { deleteCommand } from './decision.rules.ts';
export { takeBackHeld } from './end-reviews.ts';
export { holdMessage } from './hold-message.ts';
export { insertReview } from './moderation-reviews.queries.ts';
export type { ModerationReview } from './moderation-reviews.tables.ts';
export { type FoundSubject, foundByWords, newReview, openedEvents } from './review-records.ts';
