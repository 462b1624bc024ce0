import { authErrors } from '../../kernel/core/index.ts';
import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import {
  handshakeErrors,
  handshakeHeadersSchema,
  handshakeQuerySchema,
} from '../../realtime/sockets/index.ts';
import { INBOX_SUBPROTOCOL } from './inbox-frames.schemas.ts';
import { inboxTicketSchema } from './inbox.schemas.ts';
import { createInboxTicket, INBOX_SOCKET_PATH, openInboxSocket } from './open-inbox-socket.ts';

const tag = 'Inbox';

export const inboxRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: '/api/v1/me/socket-tickets',
    operationId: 'createInboxTicket',
    tag,
    summary: 'Create an inbox ticket',
    description:
      "Returns a ticket that opens the current user's inbox socket, for one minute. Any signed-in user may create " +
      'one. Tickets are not stored, so create a new one for every connection.',
    access: {
      kind: 'user',
      reason: "a person's own inbox, whatever their role in the organization",
      inOrganization: true,
    },
    limit: 'socket',
    success: {
      200: {
        description: 'The ticket, and where and how to use it',
        schema: inboxTicketSchema,
        example: {
          ticket: '<ticket>',
          url: 'wss://api.auralink.example/api/v1/me/socket',
          protocols: [INBOX_SUBPROTOCOL, 'ticket.<ticket>'],
          expiresAt: '2026-01-05T09:31:00.000Z',
        },
      },
    },
    errors: [authErrors.noOrganization],
    handle: createInboxTicket,
    respond: (ticket) => ok(ticket),
  }),
  defineRoute({
    method: 'get',
    path: INBOX_SOCKET_PATH,
    operationId: 'openInboxSocket',
    tag,
    summary: 'Open the inbox socket',
    description:
      'Opens the WebSocket that brings rings, notifications and the presence of others to a device. Offer the ' +
      `subprotocol \`${INBOX_SUBPROTOCOL}\` and, as a second one, \`ticket.<ticket>\`. The frames are described in ` +
      '`/asyncapi.json`. Browsers must come from an allowed origin.',
    access: {
      kind: 'public',
      reason: 'the ticket is the credential: a browser can send no other with a handshake',
    },
    limit: 'socket',
    query: handshakeQuerySchema,
    headers: handshakeHeadersSchema,
    success: { 101: { description: 'The socket is open' } },
    errors: handshakeErrors,
    handle: (ctx, { request, query, headers }) => openInboxSocket(ctx, { query, headers, request }),
    respond: (passthrough) => ({ status: 101, passthrough }),
  }),
];
