import { z } from '@hono/zod-openapi';
import { defineSubscription, type Subscription } from '../../platform/outbox/index.ts';
import { liveCommandSchema } from './commands.schemas.ts';
import { roomIdSchema } from './realtime.schemas.ts';

export const realtimeSubscribers: readonly Subscription[] = [
  defineSubscription({
    type: 'live_room.told',
    payload: z.strictObject({ roomId: roomIdSchema, commands: z.array(liveCommandSchema) }),
    async handle({ ports }, { roomId, commands }) {
      await ports.liveRooms.apply(roomId, commands);
    },
  }),
];
