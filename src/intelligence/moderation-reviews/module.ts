import { subscribe } from '../../kernel/delivery/index.ts';
import { defineModule } from '../../kernel/modules/index.ts';
import { chatMessageDeleted } from '../../messaging/chat/index.ts';
import { sweepReviews, withdrawReviews } from './end-reviews.ts';
import { reviewEvents } from './moderation-reviews.events.ts';
import { reviewRoutes } from './moderation-reviews.routes.ts';

export const moderationReviewsModule = defineModule({
  name: 'intelligence/moderation-reviews',
  events: reviewEvents,
  routes: reviewRoutes,
  subscriptions: [subscribe(chatMessageDeleted, 'moderation-reviews.withdraw', withdrawReviews)],
  schedules: [{ name: 'moderation-reviews.expire', everyMinutes: 60, run: sweepReviews }],
  retention: {
    moderation_reviews: {
      rule: 'cascade',
      how: 'with its room, its call and its author; 90 days after it ended',
    },
  },
});
