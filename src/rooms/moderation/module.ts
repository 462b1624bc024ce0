import { defineModule } from '../../kernel/modules/index.ts';
import { moderationEvents } from './moderation.events.ts';
import { moderationFrames } from './moderation.frames.ts';
import { moderationRoutes } from './moderation.routes.ts';
import { moderationSubscriptions } from './moderation.subscriptions.ts';

export const moderationModule = defineModule({
  name: 'rooms/moderation',
  events: moderationEvents,
  subscriptions: moderationSubscriptions,
  routes: moderationRoutes,
  frames: moderationFrames,
});
