import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { roomErrors } from '../../rooms/rooms/index.ts';
import { chatErrors } from './chat.errors.ts';
import { listMessagesSchema, messageExample, messagePageSchema, roomParamsSchema } from './chat.schemas.ts';
import { listMessages } from './read-messages.ts';

export const chatRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/api/v1/rooms/{roomId}/messages',
    operationId: 'listMessages',
    tag: 'Chat',
    summary: 'List chat messages',
    description:
      'Lists the chat of a room, the newest message first. Moderators and people who were in a call of the room ' +
      'can read it. So can every member while the room has neither a lobby nor a lock, and guests whose link ' +
      'includes the chat. A message appears here about a second after it was sent; on the socket it appears at ' +
      'once.',
    access: { kind: 'permission', permission: 'rooms:read', guests: true },
    limit: 'api',
    params: roomParamsSchema,
    query: listMessagesSchema,
    success: {
      200: {
        description: 'A page of messages',
        schema: messagePageSchema,
        example: { data: [messageExample], nextCursor: null },
      },
    },
    errors: [roomErrors.notFound, chatErrors.notAllowed],
    handle: (ctx, { params, query }) => listMessages(ctx, params.roomId, query),
    respond: (page) => ok(page),
  }),
];
