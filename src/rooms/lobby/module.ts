import { defineModule } from '../../kernel/modules/index.ts';
import { lobbyEvents } from './lobby.events.ts';
import { lobbyFrames } from './lobby.frames.ts';
import { lobbyRoutes } from './lobby.routes.ts';
import { lobbySubscriptions } from './lobby.subscriptions.ts';
import { sweepLobby } from './sweep-lobby.ts';

export const lobbyModule = defineModule({
  name: 'rooms/lobby',
  events: lobbyEvents,
  subscriptions: lobbySubscriptions,
  routes: lobbyRoutes,
  frames: lobbyFrames,
  schedules: [{ name: 'lobby.sweep', everyMinutes: 5, run: sweepLobby }],
  retention: {
    lobby_entries: {
      rule: 'cascade',
      how: 'with the room, and with the user; guests are stored as a name only',
    },
  },
});
