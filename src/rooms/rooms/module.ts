import { defineModule } from '../../kernel/modules/index.ts';
import { roomEvents } from './rooms.events.ts';
import { roomRoutes } from './rooms.routes.ts';

export const roomsModule = defineModule({
  name: 'rooms/rooms',
  events: roomEvents,
  routes: roomRoutes,
  tools: [{ operation: 'createRoom', risk: 'write' }],
  retention: {
    rooms: { rule: 'cascade', how: 'with its organization' },
    room_people: {
      rule: 'cascade',
      how: 'with the room, and with the user; for guests who never got in, when their ticket has expired',
    },
  },
});
