import { defineModule } from '../../kernel/modules/index.ts';
import { breakoutEvents } from './breakouts.events.ts';
import { breakoutFrames } from './breakouts.frames.ts';
import { breakoutRoutes } from './breakouts.routes.ts';
import { breakoutSubscriptions } from './breakouts.subscriptions.ts';
import { recallDueBreakouts } from './sync-breakouts.ts';

export const breakoutsModule = defineModule({
  name: 'rooms/breakouts',
  events: breakoutEvents,
  subscriptions: breakoutSubscriptions,
  routes: breakoutRoutes,
  frames: breakoutFrames,
  schedules: [{ name: 'breakouts.recall', everyMinutes: 1, run: recallDueBreakouts }],
  retention: {
    breakouts: { rule: 'cascade', how: 'with the room that was divided' },
    breakout_rooms: { rule: 'cascade', how: 'with the breakout' },
    breakout_people: {
      rule: 'cascade',
      how: 'with the breakout, and with the user; guests are stored as a name only',
    },
  },
});
