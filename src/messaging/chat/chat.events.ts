import { z } from '@hono/zod-openapi';
import { exampleId, idSchema } from '../../kernel/core/index.ts';
import { defineEvent } from '../../kernel/events/index.ts';

const defineChatEvent = (type: string, description: string) =>
  defineEvent({
    type,
    description,
    payload: z.object({
      roomId: idSchema('room').describe('Id of the room.'),
      messageIds: z.array(idSchema('message')).describe('Ids of the messages.'),
    }),
    example: { roomId: exampleId('room'), messageIds: [exampleId('message')] },
    key: ({ roomId }) => roomId,
  });

export const chatMessageSent = defineChatEvent('chat.message_sent', 'Chat messages were sent.');
export const chatMessageEdited = defineChatEvent('chat.message_edited', 'Chat messages were edited.');
export const chatMessageDeleted = defineChatEvent('chat.message_deleted', 'Chat messages were deleted.');
export const chatMessageReacted = defineChatEvent(
  'chat.message_reacted',
  'Reactions to chat messages changed.',
);

export const chatEvents = [chatMessageSent, chatMessageEdited, chatMessageDeleted, chatMessageReacted];
