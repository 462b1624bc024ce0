import { defineModule } from '../../kernel/modules/index.ts';

export const roomSessionModule = defineModule({
  name: 'realtime/room-session',
  storeRetention: {
    RoomObject: {
      rule: 'expire',
      how: 'events after a day, people and state with the room; chat is kept in its table',
    },
  },
});
