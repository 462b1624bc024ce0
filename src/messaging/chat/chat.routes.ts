import { roomErrors } from '../../rooms/rooms/index.ts';
import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { chatErrors } from './chat.errors.ts';
import { listMessagesSchema, messageExample, messagePageSchema, roomParamsSchema } from './chat.schemas.ts';
import { listMessages } from './read-messages.ts';

export const chatRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/api/v1/rooms/{roomId}/messages',
    operationId: 'listMessages',
    tag: 'Chat',
    summary: "Read a room's chat, the newest message first",
    description: 'What is said in the room is here about a second later; the socket is faster.',
    access: { kind: 'permission', permission: 'rooms:read', guests: true },
    limit: 'api',
    params: roomParamsSchema,
    query: listMessagesSchema,
    success: {
      200: {
        description: 'A page',
        schema: messagePageSchema,
        example: { data: [messageExample], nextCursor: null },
      },
    },
    errors: [roomErrors.notFound, chatErrors.notAllowed],
    handle: (ctx, { params, query }) => listMessages(ctx, params.roomId, query),
    respond: (page) => ok(page),
  }),
];
