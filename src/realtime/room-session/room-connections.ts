import { ROOM_CLOSE_CODES, type RoomCloseName } from '../protocol/index.ts';
import {
  type ConnectionAttachment,
  type RoomConnection,
  isPresent,
  isInLobby,
  type SocketHandle,
} from './room-connection.ts';

const READY_STATE_OPEN = 1;
/** Attachments are written no more often than this. */
const SAVE_INTERVAL_MS = 30_000;
const bufferedBytes = ({ bufferedAmount = 0 }: SocketHandle): number => bufferedAmount;

/** A socket that holds back more than this reads too slowly. */
export const BUFFER_LIMIT = 256 * 1024;
/** Who waits is told next to nothing. */
const LOBBY_BUFFER_LIMIT = 16 * 1024;
const bufferLimitOf = (conn: Pick<RoomConnection, 'lobbyEntryId'>) =>
  isInLobby(conn) ? LOBBY_BUFFER_LIMIT : BUFFER_LIMIT;
/** All sockets of a room together; above it those that hold back anything much are cut off. */
export const ROOM_BUFFER_LIMIT = 32 * 1024 * 1024;
/** Buffers are looked at each time so many characters went to each socket. */
const CHECK_EVERY_CHARACTERS = 64 * 1024;

/** The open sockets of a room. Nothing here is stored: after an eviction it is made of the sockets themselves. */
export class RoomConnections {
  readonly #all = new Map<SocketHandle, RoomConnection>();
  readonly #byIdentity = new Map<string, Set<RoomConnection>>();
  /** Those who are in the room and have said hello; made anew when one comes or goes. */
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

  /** Those of them that only wait in the lobby. */
  get lobbySize(): number {
    return this.#lobbyConnections;
  }

  all(): Iterable<RoomConnection> {
    return this.#all.values();
  }

  findBySocket(socket: SocketHandle): RoomConnection | undefined {
    return this.#all.get(socket);
  }

  /** Every socket of an identity, also those that wait. */
  ofIdentity(identity: string): readonly RoomConnection[] {
    return [...(this.#byIdentity.get(identity) ?? [])];
  }

  /** Sockets in the room that have said hello. */
  presentOf(identity: string): readonly RoomConnection[] {
    return this.ofIdentity(identity).filter(isPresent);
  }

  add(socket: SocketHandle, identity: string, lobbyEntryId: string | null, nowMs: number): RoomConnection {
    const times = { openedAtMs: nowMs, heardAtMs: nowMs, ticketAtMs: nowMs };
    const conn = this.#add(socket, { v: 1, identity, lobbyEntryId, hello: false, ...times });
    this.#save(conn);
    return conn;
  }

  /** It has said hello: from now on it is told what happens. */
  markGreeted(conn: RoomConnection): void {
    conn.hello = true;
    this.#save(conn);
    this.#present = null;
  }

  noteReceived(conn: RoomConnection, nowMs: number): void {
    if (nowMs - conn.heardAtMs < SAVE_INTERVAL_MS) return;
    conn.heardAtMs = nowMs;
    this.#save(conn);
  }

  noteTicket(conn: RoomConnection, nowMs: number): void {
    conn.ticketAtMs = nowMs;
    this.#save(conn);
  }

  remove(conn: RoomConnection): void {
    if (this.#all.delete(conn.socket) && isInLobby(conn)) this.#lobbyConnections--;
    const same = this.#byIdentity.get(conn.identity);
    same?.delete(conn);
    if (same?.size === 0) this.#byIdentity.delete(conn.identity);
    this.#present = null;
  }

  /** It is counted until the runtime says that it is gone: what is on its way to it takes memory until then. */
  close(conn: RoomConnection, closeName: RoomCloseName): void {
    if (conn.closed) return;
    conn.closed = true;
    this.#present = null;
    const { code, reason } = ROOM_CLOSE_CODES[closeName];
    try {
      conn.socket.close(code, reason);
    } catch {
      this.remove(conn); // it was gone already
    }
  }

  send(conn: RoomConnection, text: string): void {
    if (conn.closed) return;
    if (bufferedBytes(conn.socket) > conn.bufferLimit) return this.close(conn, 'lagging');
    this.#sendUnchecked(conn, text);
  }

  /** The text to everybody in the room, each socket once; to those who are `barred` from it another one. */
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

  /** What all sockets in the room together hold back, in bytes: those that wait are bounded by their number. */
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
      // It broke a moment ago; the runtime is about to say so.
      conn.closed = true;
      this.#present = null;
    }
  }

  /** Stores what an eviction must not take. */
  #save({ socket, identity, lobbyEntryId, hello, openedAtMs, heardAtMs, ticketAtMs }: RoomConnection): void {
    const attachment: ConnectionAttachment = {
      v: 1,
      identity,
      lobbyEntryId,
      hello,
      openedAtMs,
      heardAtMs,
      ticketAtMs,
    };
    socket.serializeAttachment(attachment);
  }

  #add(socket: SocketHandle, attachment: ConnectionAttachment): RoomConnection {
    const { v: _version, ...fields } = attachment;
    const conn: RoomConnection = {
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
