import { hex } from '../../kernel/core/index.ts';
import { CaptionProgress } from './caption-progress.ts';
import {
  type ParsedLiveCommand,
  isInRoom,
  lobbyView,
  decideCommand,
  commandSubject,
  youView,
} from '../room-state/index.ts';
import { DueList, SqlKeyValues } from '../../kernel/durable/index.ts';
import { moveDueTable, RoomEventLog, StateStore } from '../room-store/index.ts';
import {
  type LiveCommand,
  liveCommandSchema,
  type LiveRoster,
  type RoomTicket,
  type LiveRosterEntry,
} from '../protocol/index.ts';
import type { SocketHandle } from './room-connection.ts';
import { RoomConnections } from './room-connections.ts';
import { admitTicket, acceptConnection, PRUNE_TASK } from './accept-connection.ts';
import { receiveFrame, type FrameCatalog } from './receive-frame.ts';
import { persistChatByAlarm } from './persist-chat.ts';
import {
  LEAVE_TASK_PREFIX,
  recordDeparture,
  handleDisconnect,
  SWEEP_TASK,
  closeSilentConnections,
} from './track-presence.ts';
import {
  PERSIST_CHAT_TASK,
  type RoomSession,
  commitOutcome,
  reply,
  type RoomRuntime,
} from './room-session.ts';

const HOUR_MS = 3_600_000;
const PRUNE_INTERVAL_MS = { busy: HOUR_MS, idle: 24 * HOUR_MS };
/** Set when the room is to be forgotten as soon as its chat is kept. */
const FORGETTING_KEY = 'forgetting';
/** A connection that was closed by the client because it was done. */
const NORMAL_CLOSURE = 1000;

/**
 * All that one room's live object does, over its storage and its sockets: what is not stored is not known, so the
 * object may vanish between any two calls.
 */
export class RoomCore {
  readonly #session: RoomSession;
  readonly #catalog: FrameCatalog;

  constructor(runtime: RoomRuntime, catalog: FrameCatalog) {
    const { sql, kv, ids } = runtime;
    const due = new DueList(kv, (atMs) => runtime.wakeAt(atMs));
    moveDueTable(sql, due);
    const log = new RoomEventLog(sql, () => hex(ids.random(8)));
    this.#catalog = catalog;
    this.#session = {
      runtime,
      meta: new SqlKeyValues(sql),
      log,
      store: new StateStore(sql),
      due,
      connections: new RoomConnections(runtime.sockets()),
      captions: new CaptionProgress(log.lookup),
      openings: new Map(),
      fanOut: { tokens: Infinity, tokensAtMs: 0 },
    };
    // Sockets that broke together with the object say no goodbye.
    for (const identity of this.#session.store.state.people.keys()) handleDisconnect(this.#session, identity);
  }

  /** @throws AppError `realtime.*` when the ticket opens nothing here */
  admit(ticket: RoomTicket): void {
    admitTicket(this.#session, ticket);
  }

  /** The socket that an admitted ticket opened. */
  accept(socket: SocketHandle, ticket: RoomTicket): void {
    acceptConnection(this.#session, socket, ticket);
  }

  receive(socket: SocketHandle, message: string | ArrayBuffer): void {
    const conn = this.#session.connections.findBySocket(socket);
    if (conn) receiveFrame(this.#session, conn, message, this.#catalog);
  }

  /** A socket is gone, with the code it was closed by. */
  disconnect(socket: SocketHandle, code?: number): void {
    const { connections } = this.#session;
    const conn = connections.findBySocket(socket);
    if (!conn) return;
    connections.remove(conn);
    if (conn.lobbyEntryId === null) handleDisconnect(this.#session, conn.identity, code === NORMAL_CLOSURE);
  }

  /** What verbs have decided, in this order. */
  apply(commands: readonly LiveCommand[]): { seq: number } {
    const { due, runtime, log } = this.#session;
    for (const input of commands) this.#applyCommand(liveCommandSchema.parse(input));
    due.addEarliest(runtime.clock.now() + HOUR_MS, PRUNE_TASK);
    return { seq: log.headSeq };
  }

  roster(): LiveRoster {
    const { store, connections, log } = this.#session;
    const { facts, people: present } = store.state;
    const people = [...present.values()].filter(isInRoom).map((person): LiveRosterEntry => {
      const { identity, name, role, kind, participantId, handRaisedAt, joinedAt } = person;
      const connectionCount = connections.presentOf(identity).length;
      return {
        identity,
        name,
        role,
        kind,
        participantId,
        handRaisedAt,
        joinedAt,
        connections: connectionCount,
      };
    });
    return { people, spotlight: facts.spotlight, locked: facts.locked, seq: log.headSeq };
  }

  /**
   * Does what is due. @returns when it is to be called again; null when not until something happens; `forget` once
   * nothing of the room is of use any more
   */
  async wake(): Promise<number | null | 'forget'> {
    const { runtime, due } = this.#session;
    const names = due.take(runtime.clock.now());
    // In one turn with taking it off the list: what is due is either done or still due.
    for (const name of names) {
      if (name.startsWith(LEAVE_TASK_PREFIX))
        recordDeparture(this.#session, name.slice(LEAVE_TASK_PREFIX.length));
      else if (name === SWEEP_TASK) closeSilentConnections(this.#session);
      else if (name === PRUNE_TASK) this.#prune();
      else if (name !== PERSIST_CHAT_TASK) throw new Error(`unknown due task: ${name}`);
    }
    if (names.includes(PERSIST_CHAT_TASK)) await persistChatByAlarm(this.#session);
    if (this.#isForgettingDone()) return 'forget';
    return due.next() ?? (this.#isIdle && this.#session.store.isForgettable ? 'forget' : null);
  }

  /** Closes everything, and forgets it as soon as nothing is left to be kept. */
  async forget(): Promise<boolean> {
    const { meta, connections } = this.#session;
    meta.set(FORGETTING_KEY, 1);
    for (const conn of connections.all()) connections.close(conn, 'roomEnded');
    await persistChatByAlarm(this.#session);
    return this.#isForgettingDone();
  }

  #isForgettingDone(): boolean {
    const { meta, log } = this.#session;
    return meta.getNumber(FORGETTING_KEY) === 1 && !log.hasUnpersistedChat;
  }

  /** Nobody is here or remembered, and nothing can be replayed. What was told of the room itself may be left. */
  get #isIdle(): boolean {
    const { log, store, connections } = this.#session;
    return log.isEmpty && store.isEmpty && connections.size === 0;
  }

  /** A quiet room has nothing to be looked after until something happens in it. */
  #prune(): void {
    const { runtime, log, store, due } = this.#session;
    const nowMs = runtime.clock.now();
    log.trim(nowMs);
    store.prune(nowMs);
    if (this.#isIdle) return;
    due.addEarliest(nowMs + (log.isEmpty ? PRUNE_INTERVAL_MS.idle : PRUNE_INTERVAL_MS.busy), PRUNE_TASK);
  }

  #applyCommand(command: ParsedLiveCommand): void {
    const { store, log, runtime } = this.#session;
    if (!store.acceptDecision(command.key, commandSubject(command), command.atMs)) return;
    const nowMs = log.nextAtMs(runtime.clock.now());
    const person = (identity: string) => store.person(identity);
    const decisionsAbout = (identity: string) => store.decisionsAbout(identity);
    commitOutcome(
      this.#session,
      decideCommand(command, { state: store.state, person, decisionsAbout, nowMs }),
    );
    if (command.type === 'participant.role') this.#sendSelfViews([command.identity]);
    if (command.type === 'room.updated') this.#sendSelfViews(store.state.people.keys());
  }

  /** Those whose role or features have changed learn what they may do now. */
  #sendSelfViews(identities: Iterable<string>): void {
    const { store, connections } = this.#session;
    for (const identity of identities) {
      const person = store.state.people.get(identity);
      if (!person) continue;
      const you = youView(person, store.state);
      for (const conn of connections.presentOf(identity))
        reply(this.#session, conn, { type: 'you', you, lobby: lobbyView(store.state, person) });
    }
  }
}
