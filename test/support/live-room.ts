import { DatabaseSync } from 'node:sqlite';
import {
  type Line,
  type Outside,
  RoomKeeper,
  type RoomWorld,
  vocabularyOf,
} from '../../src/meetings/live-room/index.ts';
import type {
  ChatEvent,
  ChatMessage,
  LiveCommand,
  RoomTicket,
  RoomVerb,
  ServerFrame,
} from '../../src/meetings/realtime/index.ts';
import { createIds } from '../../src/platform/core/index.ts';

/** One end of a socket in memory: what the room sends, and what the runtime would know of it. */
export class MemoryLine implements Line {
  readonly received: string[] = [];
  closedWith: number | undefined;
  bufferedAmount = 0;

  get readyState(): number {
    return this.closedWith === undefined ? 1 : 2;
  }
  /** While true the other end takes nothing: what is sent stays in the buffer. */
  stalled = false;
  /** While true the other end does not ping. */
  silent = false;
  #attachment: unknown = null;

  send(text: string): void {
    if (this.closedWith !== undefined) throw new TypeError('the socket is closed');
    if (this.stalled) this.bufferedAmount += text.length;
    this.received.push(text);
  }

  close(code: number): void {
    this.closedWith ??= code;
  }

  serializeAttachment(value: unknown): void {
    this.#attachment = structuredClone(value);
  }

  deserializeAttachment(): unknown {
    return structuredClone(this.#attachment);
  }

  frames(): ServerFrame[] {
    return this.received.map((text) => JSON.parse(text) as ServerFrame);
  }

  /** Frames of one type. */
  of<T extends ServerFrame['type']>(type: T): Extract<ServerFrame, { type: T }>[] {
    return this.frames().filter((frame) => frame.type === type) as Extract<ServerFrame, { type: T }>[];
  }
}

export const ROOM_ID = 'room_01jd3v7q8gf4kr2x6a0w9mznpe';
const ORGANIZATION_ID = 'org_01jd3v7q8gf4kr2x6a0w9mznpe';
const ALL_FEATURES = { chat: true, files: true, captions: true, screenShare: true, recording: true };

/** A live room without the runtime: its storage is SQLite in memory, and it is evicted whenever a test says so. */
export class MemoryRoom {
  nowMs = Date.parse('2026-01-05T09:30:00.000Z');
  /** The chat's own table. */
  readonly kept: ChatEvent[] = [];
  /** While true nothing outside of the room can be reached. */
  outage = false;
  /** While true what is asked outside is never answered. */
  hanging = false;
  readonly logged: { event: string; fields?: Record<string, unknown> | undefined }[] = [];
  /** What a page of the chat's own table holds. */
  history: () => ChatMessage[] = () => [];
  /** Pages are answered only once this is done. */
  reading: Promise<void> = Promise.resolve();
  alarmAtMs: number | null = null;
  /** How often the room was to be forgotten altogether. */
  forgotten = 0;
  #database = new DatabaseSync(':memory:');
  readonly #statements = new Map<string, ReturnType<DatabaseSync['prepare']>>();
  readonly #lines = new Set<MemoryLine>();
  readonly #pending = new Set<Promise<unknown>>();
  readonly #verbs: readonly RoomVerb[];
  #keeper: RoomKeeper | undefined;
  #broken = false;

  constructor(verbs: readonly RoomVerb[] = []) {
    this.#verbs = verbs;
  }

  get keeper(): RoomKeeper {
    return (this.#keeper ??= new RoomKeeper(this.#world(), vocabularyOf(this.#verbs)));
  }

  /** The object leaves memory; storage and sockets stay. */
  evict(): void {
    this.#keeper = undefined;
  }

  ticket(identity: string, claims: Partial<RoomTicket> = {}): RoomTicket {
    return {
      organizationId: ORGANIZATION_ID,
      roomId: ROOM_ID,
      identity,
      participantId: null,
      callId: null,
      name: identity.slice(4),
      role: 'participant',
      kind: 'service',
      userId: null,
      linkId: null,
      lobbyEntryId: null,
      features: ALL_FEATURES,
      issuedAtMs: Math.floor(this.nowMs / 1000) * 1000,
      expiresAtMs: this.nowMs + 600_000,
      sinceMs: this.nowMs,
      ...claims,
    };
  }

  /** Opens a socket. @throws AppError when the ticket opens none */
  open(identity: string, claims: Partial<RoomTicket> = {}): MemoryLine {
    const ticket = this.ticket(identity, claims);
    this.keeper.admit(ticket);
    const line = new MemoryLine();
    this.#lines.add(line);
    this.keeper.enter(line, ticket);
    return line;
  }

  /** Opens a socket and says hello. */
  join(identity: string, claims: Partial<RoomTicket> = {}, cursor: unknown = null): MemoryLine {
    const line = this.open(identity, claims);
    this.say(line, { type: 'hello', cursor });
    return line;
  }

  say(line: MemoryLine, frame: object | string | ArrayBuffer): void {
    const isRaw = typeof frame === 'string' || frame instanceof ArrayBuffer;
    this.keeper.hear(line, isRaw ? frame : JSON.stringify(frame));
  }

  drop(line: MemoryLine, code = 1006): void {
    line.closedWith ??= code;
    this.#lines.delete(line);
    this.keeper.lost(line, code);
  }

  /** A socket breaks and nobody says so. */
  lose(line: MemoryLine): void {
    this.#lines.delete(line);
  }

  tell(...commands: LiveCommand[]): void {
    this.keeper.apply(commands);
  }

  /** Moves time on, and runs the alarm as often as it is due. */
  async pass(seconds: number): Promise<void> {
    this.nowMs += seconds * 1000;
    while (this.alarmAtMs !== null && this.alarmAtMs <= this.nowMs) {
      this.alarmAtMs = null;
      const next = await this.keeper.wake();
      if (next === 'forget') this.#forget();
      else if (next !== null) this.#wakeAt(next);
    }
    await this.settled();
  }

  /** The next write fails. */
  breakStorageOnce(): void {
    this.#broken = true;
  }

  /** Waits for what frames have started. */
  async settled(): Promise<void> {
    while (this.#pending.size > 0) await Promise.all(this.#pending);
  }

  #forget(): void {
    this.forgotten++;
    this.#database = new DatabaseSync(':memory:');
    this.#statements.clear();
    this.alarmAtMs = null;
    this.evict();
  }

  #wakeAt(atMs: number): void {
    this.alarmAtMs = Math.min(this.alarmAtMs ?? Infinity, atMs);
  }

  #world(): RoomWorld {
    const now = () => this.nowMs;
    return {
      sql: {
        exec: (query, ...bindings) => {
          if (this.#broken && query.startsWith('insert')) {
            this.#broken = false;
            throw new Error('the disk is full');
          }
          let statement = this.#statements.get(query);
          if (!statement) this.#statements.set(query, (statement = this.#database.prepare(query)));
          return statement.all(...bindings) as Record<string, unknown>[];
        },
      },
      clock: { now },
      ids: createIds(now),
      lines: () => [...this.#lines],
      lastPingMs: (line) => ((line as MemoryLine).silent ? null : this.nowMs),
      wakeAt: (atMs) => this.#wakeAt(atMs),
      keepAlive: (work) => {
        this.#pending.add(work);
        void work.finally(() => this.#pending.delete(work));
      },
      startOver: () => this.evict(),
      outside: () => this.#outside(),
    };
  }

  #outside(): Outside {
    const reach = async () => {
      await (this.hanging ? new Promise(() => undefined) : Promise.resolve());
      if (this.outage) throw new Error('nothing can be reached');
    };
    const log = (event: string, fields?: Record<string, unknown>) => void this.logged.push({ event, fields });
    return {
      log: { info: log, warn: log, error: log },
      signTicket: async ({ identity, role }) => (await reach(), `${identity} ${role}`),
      keepChat: async (_place, events) => {
        await reach();
        const known = new Set(this.kept.map(({ seq }) => seq));
        this.kept.push(...events.filter(({ seq }) => !known.has(seq)));
      },
      readChat: async () => {
        await reach();
        const data = this.history();
        await this.reading;
        return { data, nextCursor: null };
      },
      findMessage: async (_place, messageId) => {
        await reach();
        const about = this.kept.filter((event) => event.messageId === messageId);
        const sent = about.find((event) => event.type === 'chat.message');
        const deleted = about.some((event) => event.type === 'chat.deleted');
        return sent ? { identity: sent.identity, threadId: sent.threadId, deleted } : null;
      },
      callVerb: async (verb, caller, frame) => {
        await reach();
        return verb.handle({} as never, caller, frame as never);
      },
    };
  }
}
