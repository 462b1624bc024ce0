import { z } from '@hono/zod-openapi';
import { exampleId, idSchema } from '../../kernel/core/index.ts';
import { defineEvent } from '../../kernel/events/index.ts';
import { roomIdSchema } from '../rooms/index.ts';

export const breakoutsChanged = defineEvent({
  type: 'breakouts.changed',
  description: 'Breakout rooms were opened, changed or closed.',
  payload: z.object({
    roomId: roomIdSchema.describe('Id of the room.'),
    breakoutId: idSchema('breakout').describe('Id of the breakout rooms.'),
  }),
  example: { roomId: exampleId('room'), breakoutId: exampleId('breakout') },
  key: ({ roomId }) => roomId,
});

export const breakoutEvents = [breakoutsChanged];
