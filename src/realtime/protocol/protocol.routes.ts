import { z } from '@hono/zod-openapi';
import { sha256Hex } from '../../kernel/core/index.ts';
import { defineRoute, type Route } from '../../platform/http/index.ts';
import {
  createAsyncApiDocument,
  handshakeErrors,
  handshakeHeadersSchema,
  handshakeQuerySchema,
  type SocketChannel,
  socketErrors,
} from '../sockets/index.ts';
import { foldModules, type ModuleManifest } from '../../kernel/modules/index.ts';
import { roomChannel } from './room-channel.ts';
import { openRoomSocket } from './open-room-socket.ts';
import { realtimeErrors } from './protocol.errors.ts';
import { roomIdSchema } from './protocol.schemas.ts';
import type { RoomVerb } from './define-room-verb.ts';

declare module '../../kernel/modules/define-module.ts' {
  interface ModuleManifest {
    /** Frames of the room's socket that its verbs handle. */
    frames?: readonly RoomVerb[];
    /** Sockets of its own, for the AsyncAPI document. */
    channels?: readonly SocketChannel[];
  }
}

/** How long a client may keep the document before it asks again. */
const MAX_AGE_SECONDS = 300;

const socketRoute = defineRoute({
  method: 'get',
  path: '/api/v1/rooms/{roomId}/socket',
  operationId: 'openRoomSocket',
  tag: 'Realtime',
  summary: "Open a room's socket",
  description:
    'Opens the WebSocket that shows the live state of a room: people, chat, polls, breakouts. Offer the subprotocol ' +
    '`auralink.v1` and, as a second one, `ticket.<ticket>` with the ticket that joining the room returned. The ' +
    'frames are described in `/asyncapi.json`. Browsers must come from an allowed origin.',
  access: { kind: 'public', reason: 'the room ticket is the credential' },
  limit: 'socket',
  params: z.strictObject({ roomId: roomIdSchema.describe('The room that the ticket is for.') }),
  query: handshakeQuerySchema,
  headers: handshakeHeadersSchema,
  success: { 101: { description: 'The socket is open' } },
  errors: [
    ...handshakeErrors,
    realtimeErrors.roomNotFound,
    realtimeErrors.removed,
    realtimeErrors.credentialEnded,
    realtimeErrors.roomEnded,
    realtimeErrors.roomFull,
    realtimeErrors.tooManySockets,
    socketErrors.tooFast,
  ],
  handle: (ctx, { params, query, headers, request }) =>
    openRoomSocket(ctx, params.roomId, { query, headers, request }),
  respond: (passthrough) => ({ status: 101, passthrough }),
});

/** @param modules every module of the product, whose sockets are described; called at the first request */
export function realtimeRoutes(modules: () => readonly ModuleManifest[]): readonly Route[] {
  const documents = new Map<string, { content: string; tag: string }>();
  const documentFor = async (publicUrl: string) => {
    const cached = documents.get(publicUrl);
    if (cached) return cached;
    const channels = [roomChannel(foldModules(modules(), 'frames')), ...foldModules(modules(), 'channels')];
    const content = JSON.stringify(createAsyncApiDocument(channels, publicUrl));
    const rendered = { content, tag: `"${(await sha256Hex(content)).slice(0, 32)}"` };
    documents.set(publicUrl, rendered);
    return rendered;
  };
  return [
    socketRoute,
    defineRoute({
      method: 'get',
      path: '/asyncapi.json',
      anyOrigin: true,
      operationId: 'getAsyncApi',
      tag: 'Documentation',
      summary: 'Get the AsyncAPI document',
      description:
        'Returns the AsyncAPI 3.0 document of all sockets, with the schema of every frame. Public; it may be cached ' +
        'for five minutes.',
      access: { kind: 'public', reason: 'the contract can be read before signing up' },
      limit: 'documents',
      success: {
        200: { description: 'The document', mediaTypes: ['application/json'] },
        304: { description: 'The copy that the client has is current' },
      },
      handle: ({ config }) => documentFor(config.PUBLIC_URL),
      respond: ({ content, tag: etag }) => ({
        status: 200,
        raw: { content, type: 'application/json' },
        headers: { 'Cache-Control': `public, max-age=${MAX_AGE_SECONDS}`, ETag: etag },
      }),
    }),
  ];
}
