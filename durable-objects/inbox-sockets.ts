import {
  type Close,
  type Connection,
  type Device,
  INBOX_CLOSES,
  isUnheard,
  MAX_CONNECTIONS,
  type ServerFrame,
} from '../src/meetings/inbox/index.ts';

/** A device that leaves more bytes than this lying is cut off; it comes back with its cursor. */
const MAX_BUFFERED = 256 * 1024;

export interface OpenSocket {
  socket: WebSocket;
  connection: Connection;
}

/** What is known of a socket, also after the object was evicted; null for one whose leaving has been taken in. */
export const connectionOf = (socket: WebSocket): Connection | null =>
  socket.deserializeAttachment() as Connection | null;

export const store = (socket: WebSocket, connection: Connection): void =>
  socket.serializeAttachment(connection);

/** The sockets of one object. */
export class InboxSockets {
  readonly #state: DurableObjectState;
  readonly #onLeft: (connectionId: string) => void;

  /** @param onLeft hears once of each connection that is gone, whoever ended it */
  constructor(state: DurableObjectState, onLeft: (connectionId: string) => void) {
    this.#state = state;
    this.#onLeft = onLeft;
  }

  /** Those that are open, the oldest first. */
  open(): OpenSocket[] {
    return this.#state
      .getWebSockets()
      .flatMap((socket) => {
        const connection = socket.readyState === WebSocket.OPEN ? connectionOf(socket) : null;
        return connection ? [{ socket, connection }] : [];
      })
      .sort((a, b) => a.connection.openedAtMs - b.connection.openedAtMs);
  }

  device({ socket, connection: { connectionId, greeted } }: OpenSocket): Device {
    return { connectionId, greeted, send: (frame) => this.send(socket, frame) };
  }

  send(socket: WebSocket, frame: ServerFrame): void {
    if (socket.readyState !== WebSocket.OPEN) return;
    if (socket.bufferedAmount > MAX_BUFFERED) this.close(socket, INBOX_CLOSES.lagging);
    else socket.send(JSON.stringify(frame));
  }

  /** Whoever is closed has left: a device whose network is gone never answers that it has heard of it. */
  close(socket: WebSocket, { code, reason }: Close): void {
    if (socket.readyState !== WebSocket.OPEN) return;
    socket.close(code, reason);
    this.left(socket);
  }

  left(socket: WebSocket): void {
    const connection = connectionOf(socket);
    if (!connection) return;
    socket.serializeAttachment(null);
    this.#onLeft(connection.connectionId);
  }

  /** The oldest go where another one would be too many. */
  makeRoom(): void {
    const open = this.open();
    for (const { socket } of open.slice(0, Math.max(0, open.length - MAX_CONNECTIONS + 1)))
      this.close(socket, INBOX_CLOSES.replaced);
  }

  /** Closes those of which neither a frame nor a ping has come for too long. */
  closeUnheard(nowMs: number): void {
    for (const { socket, connection } of this.open()) {
      const pingedAtMs = this.#state.getWebSocketAutoResponseTimestamp(socket)?.getTime() ?? 0;
      if (isUnheard(connection, pingedAtMs, nowMs)) this.close(socket, INBOX_CLOSES.silent);
    }
  }
}
