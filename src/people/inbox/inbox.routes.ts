import { authErrors } from '../../kernel/core/index.ts';
import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import {
  handshakeErrors,
  handshakeHeadersSchema,
  handshakeQuerySchema,
} from '../../realtime/protocol/index.ts';
import { INBOX_SUBPROTOCOL } from './inbox.protocol.ts';
import { inboxTicketSchema } from './inbox.schemas.ts';
import { createInboxTicket, openInboxSocket, INBOX_SOCKET_PATH } from './open-inbox-socket.ts';

const tag = 'Inbox';

export const inboxRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: '/api/v1/me/socket-tickets',
    operationId: 'createInboxTicket',
    tag,
    summary: "Get a ticket that opens the caller's inbox socket",
    description:
      'Good for a minute and for this socket alone. It is stored nowhere: ask for as many as needed.',
    access: { kind: 'user', reason: "a person's own inbox, whatever their role in the organization" },
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
    summary: "Open the socket of a person's inbox: rings, notifications, presence",
    description:
      `A WebSocket with the subprotocol \`${INBOX_SUBPROTOCOL}\`; its frames are in the AsyncAPI document. The ticket is ` +
      'offered as another subprotocol, `ticket.<ticket>`, or stands in the query. Browsers come from an allowed origin.',
    access: {
      kind: 'public',
      reason: 'a browser cannot send a credential with a socket: the ticket stands for it',
    },
    limit: 'socket',
    query: handshakeQuerySchema,
    headers: handshakeHeadersSchema,
    success: { 101: { description: 'The socket is open' } },
    errors: handshakeErrors,
    handle: (ctx, { request, query, headers }) =>
      openInboxSocket(ctx, {
        upgrade: headers.upgrade,
        origin: headers.origin,
        protocols: headers['sec-websocket-protocol'],
        ticket: query.ticket,
        request,
      }),
    respond: (passthrough) => ({ status: 101, passthrough }),
  }),
];
