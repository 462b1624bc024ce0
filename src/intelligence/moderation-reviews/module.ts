import { userErased } from '../../identity/account-deletion/index.ts';
import { subscribe } from '../../kernel/delivery/index.ts';
import { defineModule } from '../../kernel/modules/index.ts';
import { chatMessageDeleted } from '../../messaging/chat/index.ts';
import { transcriptCorrected } from '../transcripts/index.ts';
import {
  endCaptionsGone,
  endOldReviews,
  eraseReviews,
  forgetReviews,
  withdrawCaptions,
  withdrawReviews,
} from './end-reviews.ts';
import { reviewEvents } from './moderation-reviews.events.ts';
import { reviewRoutes } from './moderation-reviews.routes.ts';

export const moderationReviewsModule = defineModule({
  name: 'intelligence/moderation-reviews',
  events: reviewEvents,
  routes: reviewRoutes,
  subscriptions: [
    subscribe(chatMessageDeleted, 'moderation-reviews.withdraw', withdrawReviews),
    subscribe(transcriptCorrected, 'moderation-reviews.withdraw-captions', withdrawCaptions),
    subscribe(userErased, 'moderation-reviews.erase', eraseReviews),
  ],
  // Separate tasks, so that one that is slow or fails does not delay the others.
  schedules: [
    { name: 'moderation-reviews.expire', everyMinutes: 60, run: endOldReviews },
    { name: 'moderation-reviews.captions', everyMinutes: 60, run: endCaptionsGone },
    { name: 'moderation-reviews.forget', everyMinutes: 60, run: forgetReviews },
  ],
  retention: {
    moderation_reviews: {
      rule: 'cascade',
      how: 'with its room, its call and its author; 90 days after it ended, which it does after 30 days at the latest',
    },
  },
});
