import { AppError } from '../src/kernel/core/index.ts';
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

/** Answers an upgrade that is refused with the code of the refusal. @throws anything that is not a refusal */
export function answerRefusal(error: unknown): Response {
  if (!(error instanceof AppError)) throw error;
  return Response.json({ code: error.code }, { status: error.status });
}
