import { z } from '@hono/zod-openapi';
import { exampleId, idSchema } from '../../kernel/core/index.ts';
import { defineEvent } from '../../kernel/events/index.ts';
import { roomIdSchema } from '../rooms/index.ts';

/** The state of a live room is deleted once no ticket to it is valid. */
export const roomForgotten = defineEvent({
  type: 'room.forgotten',
  description: 'The live state of a deleted room has to be deleted.',
  payload: z.object({ roomId: roomIdSchema.describe('Id of the room.') }),
  example: { roomId: exampleId('room') },
  key: ({ roomId }) => roomId,
  internal: true,
});

export const memberRoleSettled = defineEvent({
  type: 'member.role_settled',
  description: "Access tokens with a member's earlier role have expired.",
  payload: z.object({ userId: idSchema('user').describe('Id of the user.') }),
  example: { userId: exampleId('user') },
  key: ({ userId }) => `${userId}:role`,
  internal: true,
});

export const liveSyncEvents = [roomForgotten, memberRoleSettled];
