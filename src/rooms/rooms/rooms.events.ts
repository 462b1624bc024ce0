import { z } from '@hono/zod-openapi';
import { exampleId } from '../../kernel/core/index.ts';
import { defineEvent } from '../../kernel/events/index.ts';
import { roomIdSchema } from './rooms.schemas.ts';

const defineRoomEvent = (type: string, description: string) =>
  defineEvent({
    type,
    description,
    payload: z.object({ roomId: roomIdSchema.describe('Id of the room.') }),
    example: { roomId: exampleId('room') },
    key: ({ roomId }) => roomId,
  });

export const roomCreated = defineRoomEvent('room.created', 'A room was created.');
export const roomUpdated = defineRoomEvent(
  'room.updated',
  'Settings of a room changed, its lock among them.',
);
export const roomEnded = defineRoomEvent('room.ended', 'A room was ended for everybody in it.');
export const roomDeleted = defineRoomEvent('room.deleted', 'A room was deleted.');

export const roomEvents = [roomCreated, roomUpdated, roomEnded, roomDeleted];
