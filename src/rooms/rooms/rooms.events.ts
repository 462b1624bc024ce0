import { z } from '@hono/zod-openapi';
import { exampleId, momentSince1970Schema } from '../../kernel/core/index.ts';
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
export const roomUpdated = defineRoomEvent('room.updated', 'Settings of a room changed, including its lock.');
export const occurrenceChanged = defineEvent({
  type: 'room.occurrence_changed',
  description:
    "One date of a room's schedule was cancelled, moved or changed, or such a change was taken back.",
  payload: z.object({
    roomId: roomIdSchema.describe('Id of the room.'),
    originalStartsAt: momentSince1970Schema.describe('The start that the schedule gives the date.'),
  }),
  example: { roomId: exampleId('room'), originalStartsAt: '2026-01-12T09:00:00.000Z' },
  key: ({ roomId }) => roomId,
});
export const roomEnded = defineRoomEvent('room.ended', 'A room was ended for everybody in it.');
export const roomDeleted = defineRoomEvent('room.deleted', 'A room was deleted.');

export const roomEvents = [roomCreated, roomUpdated, occurrenceChanged, roomEnded, roomDeleted];
