import { defineModule } from '../../kernel/modules/index.ts';
import { mutingEvents } from './muting.events.ts';
import { mutingFrames } from './muting.frames.ts';
import { mutingRoutes } from './muting.routes.ts';
import { mutingSubscriptions } from './muting.subscriptions.ts';

export const mutingModule = defineModule({
  name: 'rooms/muting',
  events: mutingEvents,
  subscriptions: mutingSubscriptions,
  routes: mutingRoutes,
  frames: mutingFrames,
});
