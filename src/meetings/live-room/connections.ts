import { CLOSE_CODES, type CloseName } from '../realtime/index.ts';
import { type Attachment, type Conn, isPresent, isWaiting, type Line } from './conn.ts';

const OPEN = 1;
/** Attachments are written no more often than this. */
const NOTED_EVERY_MS = 30_000;
const buffered = ({ bufferedAmount = 0 }: Line): number => bufferedAmount;

/** A socket that holds back more than this reads too slowly. */
export const BUFFER_LIMIT = 256 * 1024;
/** Who waits is told next to nothing. */
const WAITING_BUFFER_LIMIT = 16 * 1024;
const limitOf = (conn: Pick<Conn, 'lobbyEntryId'>) => (isWaiting(conn) ? WAITING_BUFFER_LIMIT : BUFFER_LIMIT);
/** All sockets of a room together; above it those that hold back anything much are cut off. */
export const ROOM_BUFFER_LIMIT = 32 * 1024 * 1024;
/** Buffers are looked at each time so many characters went to each socket. */
const LOOK_EVERY = 64 * 1024;

/** The open sockets of a room. Nothing here is stored: after an eviction it is made of the sockets themselves. */
export class Connections {
  readonly #all = new Map<Line, Conn>();
  readonly #byIdentity = new Map<string, Set<Conn>>();
  /** Those who are in the room and have said hello; made anew when one comes or goes. */
  #present: readonly Conn[] | null = null;
  #charactersSinceLook = 0;
  #waiting = 0;

  constructor(lines: readonly Line[]) {
    for (const line of lines) {
      const kept = line.deserializeAttachment() as Attachment | null;
      if (kept?.v === 1) this.#add(line, kept);
      else line.close(CLOSE_CODES.silent.code, CLOSE_CODES.silent.reason);
    }
  }

  get size(): number {
    return this.#all.size;
  }

  /** Those of them that only wait in the lobby. */
  get waiting(): number {
    return this.#waiting;
  }

  all(): Iterable<Conn> {
    return this.#all.values();
  }

  of(line: Line): Conn | undefined {
    return this.#all.get(line);
  }

  /** Every socket of an identity, also those that wait. */
  ofIdentity(identity: string): readonly Conn[] {
    return [...(this.#byIdentity.get(identity) ?? [])];
  }

  /** Sockets in the room that have said hello. */
  presentOf(identity: string): readonly Conn[] {
    return this.ofIdentity(identity).filter(isPresent);
  }

  add(line: Line, identity: string, lobbyEntryId: string | null, nowMs: number): Conn {
    const at = { openedAtMs: nowMs, heardAtMs: nowMs, ticketAtMs: nowMs };
    const conn = this.#add(line, { v: 1, identity, lobbyEntryId, hello: false, ...at });
    this.#save(conn);
    return conn;
  }

  /** It has said hello: from now on it is told what happens. */
  greet(conn: Conn): void {
    conn.hello = true;
    this.#save(conn);
    this.#present = null;
  }

  noteHeard(conn: Conn, nowMs: number): void {
    if (nowMs - conn.heardAtMs < NOTED_EVERY_MS) return;
    conn.heardAtMs = nowMs;
    this.#save(conn);
  }

  noteTicket(conn: Conn, nowMs: number): void {
    conn.ticketAtMs = nowMs;
    this.#save(conn);
  }

  remove(conn: Conn): void {
    if (this.#all.delete(conn.line) && isWaiting(conn)) this.#waiting--;
    const same = this.#byIdentity.get(conn.identity);
    same?.delete(conn);
    if (same?.size === 0) this.#byIdentity.delete(conn.identity);
    this.#present = null;
  }

  /** It is counted until the runtime says that it is gone: what is on its way to it takes memory until then. */
  close(conn: Conn, why: CloseName): void {
    if (conn.closed) return;
    conn.closed = true;
    this.#present = null;
    const { code, reason } = CLOSE_CODES[why];
    try {
      conn.line.close(code, reason);
    } catch {
      this.remove(conn); // it was gone already
    }
  }

  send(conn: Conn, text: string): void {
    if (conn.closed) return;
    if (buffered(conn.line) > conn.allowance) return this.close(conn, 'lagging');
    this.#put(conn, text);
  }

  /** The text to everybody in the room, each socket once; to those who are `barred` from it another one. */
  broadcast(text: string, barred?: { has: (conn: Conn) => boolean; text: string }): void {
    const present = (this.#present ??= [...this.#all.values()].filter(isPresent));
    for (const conn of present) this.#put(conn, barred?.has(conn) ? barred.text : text);
    this.#charactersSinceLook += text.length;
    if (this.#charactersSinceLook >= LOOK_EVERY) this.#cutOffSlow();
  }

  /** What all sockets in the room together hold back, in bytes: those that wait are bounded by their number. */
  buffered(): number {
    let sum = 0;
    for (const conn of this.#all.values()) if (!isWaiting(conn)) sum += buffered(conn.line);
    return sum;
  }

  #cutOffSlow(): void {
    this.#charactersSinceLook = 0;
    let sum = 0;
    const held = [...this.#all.values()].map((conn) => {
      const bytes = buffered(conn.line);
      if (!isWaiting(conn)) sum += bytes;
      if (bytes <= limitOf(conn)) conn.allowance = limitOf(conn);
      return { conn, bytes };
    });
    const crowded = sum > ROOM_BUFFER_LIMIT;
    for (const { conn, bytes } of held)
      if (bytes > conn.allowance || (crowded && bytes > LOOK_EVERY)) this.close(conn, 'lagging');
  }

  #put(conn: Conn, text: string): void {
    if (conn.closed) return;
    try {
      conn.line.send(text);
    } catch {
      // It broke a moment ago; the runtime is about to say so.
      conn.closed = true;
      this.#present = null;
    }
  }

  /** Stores what an eviction must not take. */
  #save({ line, identity, lobbyEntryId, hello, openedAtMs, heardAtMs, ticketAtMs }: Conn): void {
    const kept: Attachment = { v: 1, identity, lobbyEntryId, hello, openedAtMs, heardAtMs, ticketAtMs };
    line.serializeAttachment(kept);
  }

  #add(line: Line, kept: Attachment): Conn {
    const { v: _version, ...known } = kept;
    const conn: Conn = {
      ...known,
      line,
      allowance: limitOf(kept),
      tokens: Infinity,
      tokensAtMs: 0,
      strikes: 0,
      refusals: 0,
      working: 0,
      closed: line.readyState !== OPEN,
    };
    this.#all.set(line, conn);
    if (isWaiting(conn)) this.#waiting++;
    const same = this.#byIdentity.get(conn.identity);
    if (same) same.add(conn);
    else this.#byIdentity.set(conn.identity, new Set([conn]));
    this.#present = null;
    return conn;
  }
}
