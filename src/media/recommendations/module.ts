import { defineModule } from '../../kernel/modules/index.ts';
import { deleteOldRecommendations } from './delete-old-recommendations.ts';
import { recommendationFrames } from './recommendations.frames.ts';
import { recommendationRoutes } from './recommendations.routes.ts';
import { recommendationSubscriptions } from './recommendations.subscriptions.ts';

export const recommendationsModule = defineModule({
  name: 'media/recommendations',
  routes: recommendationRoutes,
  frames: recommendationFrames,
  subscriptions: recommendationSubscriptions,
  schedules: [{ name: 'recommendations.sweep', everyMinutes: 60, run: deleteOldRecommendations }],
  retention: {
    send_sessions: { rule: 'cascade', how: 'with its participant, and so with the call' },
    send_recommendations: {
      rule: 'expire',
      how: 'after 90 days, or with the call; contains no address and no device',
    },
  },
});
