import {
  type RoomServices,
  RoomCore,
  type RoomRuntime,
  createFrameCatalog,
} from '../../src/realtime/room-session/index.ts';
import type {
  ChatEvent,
  ChatMessage,
  LiveCommand,
  MessageFile,
  RoomTicket,
  RoomVerb,
} from '../../src/realtime/protocol/index.ts';
import {
  type ChatRules,
  type HeldMessage,
  NO_CHAT_RULES,
  type RulesReading,
} from '../../src/realtime/text-rules/index.ts';
import { authErrors, createIds } from '../../src/kernel/core/index.ts';
import { MemorySocket } from './memory-socket.ts';
import { createTicket } from './room-ticket.ts';
import { createMemorySql, MemoryKeyValueStorage } from './memory-storage.ts';

/** Rules as a room reads them that knows a version. */
function readingOf(rules: ChatRules, known: string | null): RulesReading | null {
  const version = JSON.stringify(rules);
  return version === known ? null : { rules, version };
}

/** A live room without the runtime: its storage is SQLite in memory, and a test can evict it. */
export class MemoryRoom {
  nowMs = Date.parse('2026-01-05T09:30:00.000Z');
  /** The chat's own table. */
  readonly storedChat: ChatEvent[] = [];
  /** What everybody but `gst_without_files` may show. */
  readonly sharedFiles: MessageFile[] = [];
  /** The rules of the chat, as they are read. */
  rules: () => ChatRules | Promise<ChatRules> = () => NO_CHAT_RULES;
  /** The messages that wait for a review. */
  readonly heldMessages: HeldMessage[] = [];
  /** Of the rest of the product, what is real. */
  services: Partial<RoomServices> = {};
  /** While true the rest of the product cannot be reached. */
  outage = false;
  /** While true requests to the rest of the product are never answered. */
  hanging = false;
  readonly logEntries: { event: string; fields?: Record<string, unknown> | undefined }[] = [];
  /** The page that the chat's own table returns. */
  history: () => ChatMessage[] = () => [];
  /** Pages are returned only after this resolves. */
  beforePage: Promise<void> = Promise.resolve();
  alarmAtMs: number | null = null;
  /** Sessions and API keys that have ended, for the rest of the product. */
  readonly endedCredentials = new Set<string>();
  /** What the room had proven, in order. */
  readonly proofs: (string | null)[] = [];
  /** How often the room reported that everything may be deleted. */
  timesForgotten = 0;
  sql = createMemorySql();
  kv = new MemoryKeyValueStorage();
  readonly #sockets = new Set<MemorySocket>();
  readonly #pending = new Set<Promise<unknown>>();
  readonly #verbs: readonly RoomVerb[];
  #core: RoomCore | undefined;
  #isStorageBroken = false;

  constructor(verbs: readonly RoomVerb[] = []) {
    this.#verbs = verbs;
  }

  get core(): RoomCore {
    return (this.#core ??= new RoomCore(this.#createRuntime(), createFrameCatalog(this.#verbs)));
  }

  /** Evicts the object; storage and sockets stay. */
  evict(): void {
    this.#core = undefined;
  }

  ticket(identity: string, claims: Partial<RoomTicket> = {}): RoomTicket {
    return createTicket(this.nowMs, identity, claims);
  }

  /** Opens a socket. @throws AppError when the ticket opens none */
  open(identity: string, claims: Partial<RoomTicket> = {}): MemorySocket {
    const ticket = this.ticket(identity, claims);
    this.core.admit(ticket);
    const socket = new MemorySocket();
    this.#sockets.add(socket);
    this.core.accept(socket, ticket);
    return socket;
  }

  /** Opens a socket and says hello. */
  join(identity: string, claims: Partial<RoomTicket> = {}, cursor: unknown = null): MemorySocket {
    const socket = this.open(identity, claims);
    this.send(socket, { type: 'hello', cursor });
    return socket;
  }

  send(socket: MemorySocket, frame: object | string | ArrayBuffer): void {
    const isRaw = typeof frame === 'string' || frame instanceof ArrayBuffer;
    this.core.receive(socket, isRaw ? frame : JSON.stringify(frame));
  }

  disconnect(socket: MemorySocket, code = 1006): void {
    socket.closeCode ??= code;
    this.#sockets.delete(socket);
    this.core.disconnect(socket, code);
  }

  /** Breaks a socket without reporting it. */
  loseSocket(socket: MemorySocket): void {
    this.#sockets.delete(socket);
  }

  apply(...commands: LiveCommand[]): void {
    this.core.apply(commands);
  }

  /** Moves the clock, and runs the alarm as often as it is due. */
  async passSeconds(seconds: number): Promise<void> {
    this.nowMs += seconds * 1000;
    while (this.alarmAtMs !== null && this.alarmAtMs <= this.nowMs) {
      this.alarmAtMs = null;
      const next = await this.core.wake();
      if (next === 'forget') this.#forget();
      else if (next !== null) this.#wakeAt(next);
    }
    await this.waitForPending();
  }

  /** Makes the next write fail. */
  breakStorageOnce(): void {
    this.#isStorageBroken = true;
  }

  /** Waits for the asynchronous work of frames. */
  async waitForPending(): Promise<void> {
    while (this.#pending.size > 0) await Promise.all(this.#pending);
  }

  #forget(): void {
    this.timesForgotten++;
    this.sql = createMemorySql();
    this.kv = new MemoryKeyValueStorage();
    this.alarmAtMs = null;
    this.evict();
  }

  #wakeAt(atMs: number): void {
    this.alarmAtMs = Math.min(this.alarmAtMs ?? Infinity, atMs);
  }

  #createRuntime(): RoomRuntime {
    const now = () => this.nowMs;
    return {
      sql: {
        exec: (query, ...bindings) => {
          if (this.#isStorageBroken && query.startsWith('insert')) {
            this.#isStorageBroken = false;
            throw new Error('the disk is full');
          }
          return this.sql.exec(query, ...bindings);
        },
      },
      kv: this.kv,
      clock: { now },
      ids: createIds(now),
      sockets: () => [...this.#sockets],
      lastPingMs: (socket) => ((socket as MemorySocket).silent ? null : this.nowMs),
      wakeAt: (atMs) => this.#wakeAt(atMs),
      keepAlive: (work) => {
        this.#pending.add(work);
        void work.finally(() => this.#pending.delete(work));
      },
      discardMemory: () => this.evict(),
      services: () => this.#createServices(),
    };
  }

  #createServices(): RoomServices {
    const reach = async () => {
      await (this.hanging ? new Promise(() => undefined) : Promise.resolve());
      if (this.outage) throw new Error('nothing can be reached');
    };
    const log = (event: string, fields?: Record<string, unknown>) =>
      void this.logEntries.push({ event, fields });
    return {
      log: { info: log, warn: log, error: log },
      proveCredential: async ({ credential }) => {
        await reach();
        this.proofs.push(credential);
        if (credential !== null && this.endedCredentials.has(credential)) throw authErrors.invalidToken();
      },
      signTicket: async ({ identity, role }) => (await reach(), `${identity} ${role}`),
      persistChat: async (_place, events) => {
        await reach();
        const known = new Set(this.storedChat.map(({ seq }) => seq));
        this.storedChat.push(...events.filter(({ seq }) => !known.has(seq)));
      },
      readChat: async () => {
        await reach();
        const data = this.history();
        await this.beforePage;
        return { data, nextCursor: null };
      },
      findMessage: async (_place, messageId) => {
        await reach();
        const about = this.storedChat.filter((event) => event.messageId === messageId);
        const sent = about.find((event) => event.type === 'chat.message');
        const deleted = about.some((event) => event.type === 'chat.deleted');
        return sent ? { identity: sent.identity, threadId: sent.threadId, deleted } : null;
      },
      findFiles: async (_place, identity, fileIds) => {
        await reach();
        return this.sharedFiles.filter(
          ({ fileId }) => fileIds.includes(fileId) && identity !== 'gst_without_files',
        );
      },
      readRules: (_place, known) => {
        const found = this.rules();
        return found instanceof Promise
          ? found.then((rules) => readingOf(rules, known))
          : readingOf(found, known);
      },
      holdMessage: async (_place, message) => {
        await reach();
        const earlier = this.heldMessages.find(({ frameId }) => frameId === message.frameId);
        if (!earlier) this.heldMessages.push(message);
        return (earlier ?? message).messageId;
      },
      takeBackHeld: async (_place, { identity, messageId }) => {
        await reach();
        return this.heldMessages.some((held) => held.identity === identity && held.messageId === messageId);
      },
      callVerb: async (verb, caller, frame) => {
        await reach();
        return verb.handle({} as never, caller, frame as never);
      },
      ...this.services,
    };
  }
}
