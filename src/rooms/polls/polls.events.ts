import { z } from '@hono/zod-openapi';
import { exampleId, idSchema } from '../../kernel/core/index.ts';
import { defineEvent } from '../../kernel/events/index.ts';
import { roomIdSchema } from '../rooms/index.ts';

export const pollChanged = defineEvent({
  type: 'poll.changed',
  description: 'A poll was opened or closed, or its visible results changed.',
  payload: z.object({
    roomId: roomIdSchema.describe('Id of the room.'),
    pollId: idSchema('poll').describe('Id of the poll.'),
  }),
  example: { roomId: exampleId('room'), pollId: exampleId('poll') },
  key: ({ pollId }) => pollId,
});

export const pollEvents = [pollChanged];
