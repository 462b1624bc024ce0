import { ROOM_CLOSE_CODES, type RoomCloseName, type RoomTicket } from '../protocol/index.ts';
import { MAX_BUFFERED_BYTES, type SocketHandle } from '../sockets/index.ts';
import { type ConnectionAttachment, type RoomConnection, isPresent, isInLobby } from './room-connection.ts';

const READY_STATE_OPEN = 1;
/** How often the time of the last frame is stored. */
const SAVE_INTERVAL_MS = 30_000;
const bufferedBytes = ({ bufferedAmount = 0 }: SocketHandle): number => bufferedAmount;

/** A socket in the lobby receives next to nothing. */
const LOBBY_BUFFER_LIMIT = 16 * 1024;
const bufferLimitOf = (conn: Pick<RoomConnection, 'lobbyEntryId'>) =>
  isInLobby(conn) ? LOBBY_BUFFER_LIMIT : MAX_BUFFERED_BYTES;
/** Bytes that all sockets of a room hold back together; above it those with a long backlog are closed. */
export const ROOM_BUFFER_LIMIT = 32 * 1024 * 1024;
/** Number of broadcast characters after which buffers are checked. */
const CHECK_EVERY_CHARACTERS = 64 * 1024;

/** The sockets of a room. Nothing here is stored: after an eviction it is rebuilt from the sockets themselves. */
export class RoomConnections {
  readonly #all = new Map<SocketHandle, RoomConnection>();
  readonly #byIdentity = new Map<string, Set<RoomConnection>>();
  /** The sockets in the room that have said hello; null when it must be computed again. */
  #present: readonly RoomConnection[] | null = null;
  #charactersSinceCheck = 0;
  #lobbyConnections = 0;

  constructor(sockets: readonly SocketHandle[]) {
    for (const socket of sockets) {
      const attachment = socket.deserializeAttachment() as ConnectionAttachment | null;
      if (attachment?.v === 1) this.#add(socket, attachment);
      else socket.close(ROOM_CLOSE_CODES.silent.code, ROOM_CLOSE_CODES.silent.reason);
    }
  }

  get size(): number {
    return this.#all.size;
  }

  /** How many of them only wait in the lobby. */
  get lobbySize(): number {
    return this.#lobbyConnections;
  }

  all(): Iterable<RoomConnection> {
    return this.#all.values();
  }

  findBySocket(socket: SocketHandle): RoomConnection | undefined {
    return this.#all.get(socket);
  }

  /** Every socket of an identity, also in the lobby. */
  ofIdentity(identity: string): readonly RoomConnection[] {
    return [...(this.#byIdentity.get(identity) ?? [])];
  }

  /** The sockets of an identity that are in the room and have said hello. */
  presentOf(identity: string): readonly RoomConnection[] {
    return this.ofIdentity(identity).filter(isPresent);
  }

  add(
    socket: SocketHandle,
    { identity, credential, lobbyEntryId, issuedAtMs: provenAtMs }: RoomTicket,
    nowMs: number,
  ): RoomConnection {
    const times = { openedAtMs: nowMs, frameAtMs: nowMs, ticketAtMs: nowMs, provenAtMs };
    const conn = this.#add(socket, { v: 1, identity, credential, lobbyEntryId, hello: false, ...times });
    this.#save(conn);
    return conn;
  }

  /** The socket has said hello: from now on it receives events. */
  markGreeted(conn: RoomConnection): void {
    conn.hello = true;
    this.#save(conn);
    this.#present = null;
  }

  noteReceived(conn: RoomConnection, nowMs: number): void {
    if (nowMs - conn.frameAtMs < SAVE_INTERVAL_MS) return;
    conn.frameAtMs = nowMs;
    this.#save(conn);
  }

  /** Changes what is stored with a socket. */
  change(
    conn: RoomConnection,
    change: Partial<Pick<RoomConnection, 'provenAtMs' | 'ticketAtMs' | 'signals'>>,
  ): void {
    Object.assign(conn, change);
    this.#save(conn);
  }

  remove(conn: RoomConnection): void {
    if (this.#all.delete(conn.socket) && isInLobby(conn)) this.#lobbyConnections--;
    const same = this.#byIdentity.get(conn.identity);
    same?.delete(conn);
    if (same?.size === 0) this.#byIdentity.delete(conn.identity);
    this.#present = null;
  }

  /** Closes a socket. It counts until the runtime reports that it is gone: its buffer takes memory until then. */
  close(conn: RoomConnection, closeName: RoomCloseName): void {
    if (conn.closed) return;
    conn.closed = true;
    this.#present = null;
    const { code, reason } = ROOM_CLOSE_CODES[closeName];
    try {
      conn.socket.close(code, reason);
    } catch {
      this.remove(conn); // the runtime had dropped it already
    }
  }

  send(conn: RoomConnection, text: string): void {
    if (conn.closed) return;
    if (bufferedBytes(conn.socket) > conn.bufferLimit) return this.close(conn, 'lagging');
    this.#sendUnchecked(conn, text);
  }

  /** Sends a text to every socket in the room; where `alternative.appliesTo` holds, its text instead. */
  broadcast(
    text: string,
    alternative?: { appliesTo: (conn: RoomConnection) => boolean; text: string },
  ): void {
    const present = (this.#present ??= [...this.#all.values()].filter(isPresent));
    for (const conn of present)
      this.#sendUnchecked(conn, alternative?.appliesTo(conn) ? alternative.text : text);
    this.#charactersSinceCheck += text.length;
    if (this.#charactersSinceCheck >= CHECK_EVERY_CHARACTERS) this.#closeSlowConnections();
  }

  /** Bytes that all sockets in the room hold back; those in the lobby are bounded by their number. */
  totalBufferedBytes(): number {
    let sum = 0;
    for (const conn of this.#all.values()) if (!isInLobby(conn)) sum += bufferedBytes(conn.socket);
    return sum;
  }

  #closeSlowConnections(): void {
    this.#charactersSinceCheck = 0;
    let sum = 0;
    const buffers = [...this.#all.values()].map((conn) => {
      const bytes = bufferedBytes(conn.socket);
      if (!isInLobby(conn)) sum += bytes;
      if (bytes <= bufferLimitOf(conn)) conn.bufferLimit = bufferLimitOf(conn);
      return { conn, bytes };
    });
    const isOverRoomLimit = sum > ROOM_BUFFER_LIMIT;
    for (const { conn, bytes } of buffers)
      if (bytes > conn.bufferLimit || (isOverRoomLimit && bytes > CHECK_EVERY_CHARACTERS))
        this.close(conn, 'lagging');
  }

  #sendUnchecked(conn: RoomConnection, text: string): void {
    if (conn.closed) return;
    try {
      conn.socket.send(text);
    } catch {
      // The connection broke a moment ago; the runtime will report it.
      conn.closed = true;
      this.#present = null;
    }
  }

  /** Stores with the socket what must outlive an eviction. */
  #save({ socket, identity, credential, lobbyEntryId, hello, ...conn }: RoomConnection): void {
    const { openedAtMs, frameAtMs, ticketAtMs, provenAtMs, signals } = conn;
    const times = { openedAtMs, frameAtMs, ticketAtMs, provenAtMs, signals };
    const attachment: ConnectionAttachment = { v: 1, identity, credential, lobbyEntryId, hello, ...times };
    socket.serializeAttachment(attachment);
  }

  #add(socket: SocketHandle, attachment: ConnectionAttachment): RoomConnection {
    const { v: _version, ...fields } = attachment;
    const conn: RoomConnection = {
      credential: null,
      provenAtMs: 0,
      signals: {},
      ...fields,
      socket,
      bufferLimit: bufferLimitOf(attachment),
      tokens: Infinity,
      tokensAtMs: 0,
      badFrames: 0,
      rateRefusals: 0,
      asyncFrames: 0,
      closed: socket.readyState !== READY_STATE_OPEN,
    };
    this.#all.set(socket, conn);
    if (isInLobby(conn)) this.#lobbyConnections++;
    const same = this.#byIdentity.get(conn.identity);
    if (same) same.add(conn);
    else this.#byIdentity.set(conn.identity, new Set([conn]));
    this.#present = null;
    return conn;
  }
}
