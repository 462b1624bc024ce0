import {
  type Close,
  type Connection,
  type Device,
  INBOX_CLOSES,
  type ServerFrame,
} from '../src/meetings/inbox/index.ts';

/** A device that leaves more bytes than this lying is cut off; it comes back with its cursor. */
const MAX_BUFFERED = 256 * 1024;

export interface OpenSocket {
  socket: WebSocket;
  connection: Connection;
}

/** What is known of a socket, also after the object was evicted. */
export const connectionOf = (socket: WebSocket): Connection | null =>
  socket.deserializeAttachment() as Connection | null;

export const store = (socket: WebSocket, connection: Connection): void =>
  socket.serializeAttachment(connection);

export function close(socket: WebSocket, { code, reason }: Close): void {
  if (socket.readyState === WebSocket.OPEN) socket.close(code, reason);
}

export function send(socket: WebSocket, frame: ServerFrame): void {
  if (socket.readyState !== WebSocket.OPEN) return;
  if (socket.bufferedAmount > MAX_BUFFERED) close(socket, INBOX_CLOSES.lagging);
  else socket.send(JSON.stringify(frame));
}

/** The sockets that are open, the oldest first. */
export function openSockets(sockets: readonly WebSocket[]): OpenSocket[] {
  return sockets
    .filter((socket) => socket.readyState === WebSocket.OPEN)
    .map((socket) => ({ socket, connection: connectionOf(socket)! }))
    .sort((a, b) => a.connection.openedAtMs - b.connection.openedAtMs);
}

export const deviceOf = ({ socket, connection: { connectionId, greeted } }: OpenSocket): Device => ({
  connectionId,
  greeted,
  send: (frame) => send(socket, frame),
});
