import { chooseSubprotocol, type SocketHandle } from '../src/realtime/sockets/index.ts';

/**
 * Answers an upgrade with a socket that hibernates.
 * @param accept called with the server's end of it
 */
export function answerUpgrade(
  ctx: DurableObjectState,
  request: Request,
  subprotocol: string,
  accept: (socket: SocketHandle) => void,
): Response {
  const { 0: client, 1: server } = new WebSocketPair();
  ctx.acceptWebSocket(server);
  accept(server);
  const protocol = chooseSubprotocol(request.headers.get('Sec-WebSocket-Protocol'), subprotocol);
  const headers = new Headers(protocol === undefined ? {} : { 'Sec-WebSocket-Protocol': protocol });
  return new Response(null, { status: 101, webSocket: client, headers });
}
