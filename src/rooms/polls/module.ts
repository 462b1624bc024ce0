import { defineModule } from '../../kernel/modules/index.ts';
import { pollEvents } from './polls.events.ts';
import { pollFrames } from './polls.frames.ts';
import { pollRoutes } from './polls.routes.ts';
import { pollSubscriptions } from './polls.subscriptions.ts';

export const pollsModule = defineModule({
  name: 'rooms/polls',
  events: pollEvents,
  subscriptions: pollSubscriptions,
  routes: pollRoutes,
  frames: pollFrames,
  retention: {
    polls: { rule: 'cascade', how: 'with its room' },
    poll_votes: {
      rule: 'cascade',
      how: 'with the poll, and with the person; an anonymous one does not name its voter',
    },
  },
});
