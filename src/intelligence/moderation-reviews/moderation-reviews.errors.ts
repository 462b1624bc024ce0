import { defineErrors } from '../../kernel/core/index.ts';

export const reviewErrors = defineErrors('moderation_reviews', {
  notFound: { status: 404, title: 'The review was not found' },
  decided: { status: 409, title: 'The review has already ended' },
  ownMessage: { status: 403, title: 'Somebody else must review your own message' },
  authorGone: { status: 409, title: 'The author was removed from the room or has left the organization' },
  chatOff: { status: 409, title: 'The chat of the room is off' },
  tooManyWaiting: {
    status: 429,
    title: 'Too many of your messages are waiting for a review',
    retryAfterSeconds: 60,
  },
});
