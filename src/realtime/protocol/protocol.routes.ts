import { z } from '@hono/zod-openapi';
import { authErrors, sha256Hex } from '../../kernel/core/index.ts';
import { defineRoute, type Route } from '../../platform/http/index.ts';
import { createAsyncApiDocument, type SocketChannel } from './asyncapi-document.ts';
import { foldModules, type ModuleManifest } from '../../kernel/modules/index.ts';
import { roomChannel } from './room-channel.ts';
import { openRoomSocket } from './open-room-socket.ts';
import { realtimeErrors } from './protocol.errors.ts';
import { roomIdSchema } from './protocol.schemas.ts';

const tag = 'Realtime';
/** A new deployment is seen after as long. */
const MAX_AGE_SECONDS = 300;
const optionalText = (max: number) => z.string().max(max).optional();

/** What the handshake of any socket is made of. */
export const handshakeHeadersSchema = z.object({
  upgrade: optionalText(64),
  origin: optionalText(512),
  'sec-websocket-protocol': optionalText(8192),
});
export const handshakeQuerySchema = z.strictObject({
  ticket: optionalText(8192).openapi({ example: 'the ticket that joining the room gave' }),
});
export const handshakeErrors = [
  realtimeErrors.upgradeRequired,
  realtimeErrors.originNotAllowed,
  authErrors.required,
  authErrors.invalidToken,
  authErrors.expiredToken,
];

const socketRoute = defineRoute({
  method: 'get',
  path: '/api/v1/rooms/{roomId}/socket',
  operationId: 'openRoomSocket',
  tag,
  summary: 'Open the socket of a room',
  description:
    'A WebSocket of the subprotocol `auralink.v1`; its frames are in `/asyncapi.json`. The ticket, which joining the ' +
    'room gives, is offered as the subprotocol `ticket.<ticket>` or stands in the query.',
  access: { kind: 'public', reason: 'the room ticket is the credential' },
  limit: 'socket',
  params: z.strictObject({ roomId: roomIdSchema }),
  query: handshakeQuerySchema,
  headers: handshakeHeadersSchema,
  success: { 101: { description: 'The socket is open' } },
  errors: [
    ...handshakeErrors,
    realtimeErrors.roomNotFound,
    realtimeErrors.removed,
    realtimeErrors.roomEnded,
    realtimeErrors.roomFull,
    realtimeErrors.tooManySockets,
    realtimeErrors.tooFast,
  ],
  handle: (ctx, { params, query, headers, request }) =>
    openRoomSocket(ctx, params.roomId, {
      upgrade: headers.upgrade,
      origin: headers.origin,
      protocols: headers['sec-websocket-protocol'],
      ticket: query.ticket,
      request,
    }),
  respond: (passthrough) => ({ status: 101, passthrough }),
});

/** @param modules every module of the product, whose sockets are described; asked at the first request */
export function realtimeRoutes(modules: () => readonly ModuleManifest[]): readonly Route[] {
  const listChannels = (): readonly SocketChannel[] => [
    roomChannel(foldModules(modules(), 'frames')),
    ...foldModules(modules(), 'channels'),
  ];
  const documents = new Map<string, { content: string; tag: string }>();
  const documentFor = async (publicUrl: string) => {
    const cached = documents.get(publicUrl);
    if (cached) return cached;
    const content = JSON.stringify(createAsyncApiDocument(listChannels(), publicUrl));
    const rendered = { content, tag: `"${(await sha256Hex(content)).slice(0, 32)}"` };
    documents.set(publicUrl, rendered);
    return rendered;
  };
  return [
    socketRoute,
    defineRoute({
      method: 'get',
      path: '/asyncapi.json',
      operationId: 'getAsyncApi',
      tag: 'Documentation',
      summary: 'Read the AsyncAPI 3.0 document of the sockets',
      access: { kind: 'public', reason: 'the contract is there to be read before signing up' },
      limit: 'health',
      success: {
        200: { description: 'The document, generated from the frames', mediaTypes: ['application/json'] },
        304: { description: "The caller's copy is the newest" },
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
