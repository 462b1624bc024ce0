import { z } from '@hono/zod-openapi';
import { exampleId, idSchema } from '../../kernel/core/index.ts';
import { defineEvent } from '../../kernel/events/index.ts';
import { roomIdSchema } from '../rooms/index.ts';

const lobbyEntryId = idSchema('lobbyEntry').describe('Id of the lobby entry.');

export const lobbyWaiting = defineEvent({
  type: 'lobby.waiting',
  description: 'A person entered the lobby of a room.',
  payload: z.object({ roomId: roomIdSchema.describe('Id of the room.'), lobbyEntryId }),
  example: { roomId: exampleId('room'), lobbyEntryId: exampleId('lobbyEntry') },
  key: ({ roomId }) => roomId,
});

export const lobbyDecided = defineEvent({
  type: 'lobby.decided',
  description: 'People in the lobby were admitted or denied, left it, or their wait expired.',
  payload: z.object({
    roomId: roomIdSchema.describe('Id of the room.'),
    lobbyEntryIds: z.array(lobbyEntryId).describe('Ids of the lobby entries.'),
  }),
  example: { roomId: exampleId('room'), lobbyEntryIds: [exampleId('lobbyEntry')] },
  key: ({ roomId }) => roomId,
});

export const lobbyEvents = [lobbyWaiting, lobbyDecided];
