import { z } from '@hono/zod-openapi';
import { defineSubscription, type Subscription } from '../../kernel/events/index.ts';
import { liveCommandSchema } from './live-commands.schemas.ts';
import { roomIdSchema } from './protocol.schemas.ts';

export const realtimeSubscriptions: readonly Subscription[] = [
  defineSubscription({
    type: 'live_room.told',
    payload: z.strictObject({ roomId: roomIdSchema, commands: z.array(liveCommandSchema) }),
    async handle({ ports }, { roomId, commands }) {
      await ports.liveRooms.apply(roomId, commands);
    },
  }),
];
