import {
  isUnresponsive,
  MAX_BUFFERED_BYTES,
  oldestBeyond,
  type SocketHandle,
} from '../../realtime/sockets/index.ts';
import {
  INBOX_CLOSE_CODES,
  type InboxCloseName,
  type InboxServerFrame,
  MAX_CONNECTIONS,
} from '../inbox/index.ts';
import type { DeviceConnection } from './connection.rules.ts';
import type { InboxDevice } from './inbox-core.ts';

const READY_STATE_OPEN = 1;

export interface OpenSocket {
  socket: SocketHandle;
  connection: DeviceConnection;
}

/** What is stored with a socket; null once its leaving was handled. */
export const readConnection = (socket: SocketHandle): DeviceConnection | null =>
  socket.deserializeAttachment() as DeviceConnection | null;

export const saveConnection = (socket: SocketHandle, connection: DeviceConnection): void =>
  socket.serializeAttachment(connection);

/** What the sockets of an inbox need from the Durable Object. */
export interface SocketRuntime {
  sockets(): readonly SocketHandle[];
  /** When the runtime last answered a ping of this socket, milliseconds; null for never. */
  lastPingMs(socket: SocketHandle): number | null;
}

/** The sockets of one inbox. */
export class InboxSockets {
  readonly #runtime: SocketRuntime;
  readonly #onLeave: (connectionId: string) => void;

  /** @param onLeave called once for each connection that is gone, whichever side ended it */
  constructor(runtime: SocketRuntime, onLeave: (connectionId: string) => void) {
    this.#runtime = runtime;
    this.#onLeave = onLeave;
  }

  listOpen(): OpenSocket[] {
    return this.#runtime.sockets().flatMap((socket) => {
      const connection = socket.readyState === READY_STATE_OPEN ? readConnection(socket) : null;
      return connection ? [{ socket, connection }] : [];
    });
  }

  toDevice({ socket, connection: { connectionId, greeted } }: OpenSocket): InboxDevice {
    return { connectionId, greeted, send: (frame) => this.send(socket, frame) };
  }

  send(socket: SocketHandle, frame: InboxServerFrame): void {
    if (socket.readyState !== READY_STATE_OPEN) return;
    if ((socket.bufferedAmount ?? 0) > MAX_BUFFERED_BYTES) this.close(socket, 'lagging');
    else socket.send(JSON.stringify(frame));
  }

  /** Closes a socket. It counts as gone at once: a device without a network never answers. */
  close(socket: SocketHandle, closeName: InboxCloseName): void {
    if (socket.readyState !== READY_STATE_OPEN) return;
    const { code, reason } = INBOX_CLOSE_CODES[closeName];
    socket.close(code, reason);
    this.handleLeave(socket);
  }

  handleLeave(socket: SocketHandle): void {
    const connection = readConnection(socket);
    if (!connection) return;
    socket.serializeAttachment(null);
    this.#onLeave(connection.connectionId);
  }

  /** Makes place for one more connection. */
  closeOldestOverLimit(): void {
    const open = this.listOpen().map((each) => ({ ...each, openedAtMs: each.connection.openedAtMs }));
    for (const { socket } of oldestBeyond(open, MAX_CONNECTIONS - 1)) this.close(socket, 'replaced');
  }

  /** Closes connections that have sent neither frames nor pings for too long. */
  closeSilent(nowMs: number): void {
    for (const { socket, connection } of this.listOpen())
      if (isUnresponsive(connection.filledAtMs, this.#runtime.lastPingMs(socket), nowMs))
        this.close(socket, 'silent');
  }
}
