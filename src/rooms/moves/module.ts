import { defineModule } from '../../kernel/modules/index.ts';
import { findMovedAway } from './find-moved-away.ts';
import { moveEvents } from './moves.events.ts';
import { moveFrames } from './moves.frames.ts';
import { moveRoutes } from './moves.routes.ts';
import { moveSubscriptions } from './moves.subscriptions.ts';
import { sweepMoves } from './sweep-moves.ts';

export const movesModule = defineModule({
  name: 'rooms/moves',
  events: moveEvents,
  subscriptions: moveSubscriptions,
  routes: moveRoutes,
  frames: moveFrames,
  connectionChecks: [findMovedAway],
  schedules: [{ name: 'moves.sweep', everyMinutes: 15, run: sweepMoves }],
  retention: {
    room_moves: {
      rule: 'expire',
      how: 'a day after the move has expired; with the rooms and with the person',
    },
  },
});
