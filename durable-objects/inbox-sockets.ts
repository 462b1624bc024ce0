import {
  type InboxClose,
  type DeviceConnection,
  type InboxDevice,
  INBOX_CLOSE_CODES,
  isUnresponsive,
  MAX_CONNECTIONS,
  type InboxServerFrame,
} from '../src/people/inbox/index.ts';

/** A device that leaves more bytes than this lying is cut off; it comes back with its cursor. */
const MAX_BUFFERED_BYTES = 256 * 1024;

export interface OpenSocket {
  socket: WebSocket;
  connection: DeviceConnection;
}

/** What is known of a socket, also after the object was evicted; null for one whose leaving has been taken in. */
export const readConnection = (socket: WebSocket): DeviceConnection | null =>
  socket.deserializeAttachment() as DeviceConnection | null;

export const saveConnection = (socket: WebSocket, connection: DeviceConnection): void =>
  socket.serializeAttachment(connection);

/** The sockets of one object. */
export class InboxSockets {
  readonly #state: DurableObjectState;
  readonly #onLeave: (connectionId: string) => void;

  /** @param onLeave hears once of each connection that is gone, whoever ended it */
  constructor(state: DurableObjectState, onLeave: (connectionId: string) => void) {
    this.#state = state;
    this.#onLeave = onLeave;
  }

  /** Those that are open, the oldest first. */
  listOpen(): OpenSocket[] {
    return this.#state
      .getWebSockets()
      .flatMap((socket) => {
        const connection = socket.readyState === WebSocket.OPEN ? readConnection(socket) : null;
        return connection ? [{ socket, connection }] : [];
      })
      .sort((a, b) => a.connection.openedAtMs - b.connection.openedAtMs);
  }

  toDevice({ socket, connection: { connectionId, greeted } }: OpenSocket): InboxDevice {
    return { connectionId, greeted, send: (frame) => this.send(socket, frame) };
  }

  send(socket: WebSocket, frame: InboxServerFrame): void {
    if (socket.readyState !== WebSocket.OPEN) return;
    if (socket.bufferedAmount > MAX_BUFFERED_BYTES) this.close(socket, INBOX_CLOSE_CODES.lagging);
    else socket.send(JSON.stringify(frame));
  }

  /** Whoever is closed has left: a device whose network is gone never answers that it has heard of it. */
  close(socket: WebSocket, { code, reason }: InboxClose): void {
    if (socket.readyState !== WebSocket.OPEN) return;
    socket.close(code, reason);
    this.handleLeave(socket);
  }

  handleLeave(socket: WebSocket): void {
    const connection = readConnection(socket);
    if (!connection) return;
    socket.serializeAttachment(null);
    this.#onLeave(connection.connectionId);
  }

  /** The oldest go where another one would be too many. */
  closeOldestOverLimit(): void {
    const openSockets = this.listOpen();
    for (const { socket } of openSockets.slice(0, Math.max(0, openSockets.length - MAX_CONNECTIONS + 1)))
      this.close(socket, INBOX_CLOSE_CODES.replaced);
  }

  /** Closes those of which neither a frame nor a ping has come for too long. */
  closeSilent(nowMs: number): void {
    for (const { socket, connection } of this.listOpen()) {
      const pingedAtMs = this.#state.getWebSocketAutoResponseTimestamp(socket)?.getTime() ?? 0;
      if (isUnresponsive(connection, pingedAtMs, nowMs)) this.close(socket, INBOX_CLOSE_CODES.silent);
    }
  }
}
