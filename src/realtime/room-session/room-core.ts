import { hex } from '../../kernel/core/index.ts';
import { DueList, SqlKeyValues } from '../../kernel/durable/index.ts';
import {
  type LiveCommand,
  liveCommandSchema,
  type LiveRoster,
  type LiveRosterEntry,
  type RoomTicket,
} from '../protocol/index.ts';
import {
  commandSubject,
  decideCommand,
  isInRoom,
  lobbyView,
  type ParsedLiveCommand,
  youView,
} from '../room-state/index.ts';
import { CaptionProgress, moveDueTable, RoomEventLog, StateStore } from '../room-store/index.ts';
import type { SocketHandle } from '../sockets/index.ts';
import { KnownRules } from '../text-rules/index.ts';
import { acceptConnection, PRUNE_TASK } from './accept-connection.ts';
import { admitTicket } from './admit-ticket.ts';
import { commitOutcome, PERSIST_CHAT_TASK } from './commit-outcome.ts';
import { endExpiredSignals, endSignalsOf, SIGNALS_TASK } from './end-signals.ts';
import { persistChatByAlarm } from './persist-chat.ts';
import { type FrameCatalog, receiveFrame } from './receive-frame.ts';
import { RoomConnections } from '../room-connections/index.ts';
import { reply, type RoomRuntime, type RoomSession } from './room-session.ts';
import {
  closeConnectionsOn,
  closeOverdueConnections,
  handleDisconnect,
  LEAVE_TASK_PREFIX,
  recordDeparture,
  SWEEP_TASK,
} from './track-presence.ts';

const HOUR_MS = 3_600_000;
const PRUNE_INTERVAL_MS = { busy: HOUR_MS, idle: 24 * HOUR_MS };
/** Set when everything is to be deleted as soon as the chat is persisted. */
const FORGETTING_KEY = 'forgetting';
/** The close code of a client that leaves on purpose. */
const NORMAL_CLOSURE = 1000;

/**
 * The work of the Durable Object of one room, over its storage and sockets. It keeps no state outside of the storage,
 * so the object may be evicted between any two calls.
 */
export class RoomCore {
  readonly #session: RoomSession;
  readonly #catalog: FrameCatalog;

  constructor(runtime: RoomRuntime, catalog: FrameCatalog) {
    const { sql, kv, ids } = runtime;
    const due = new DueList(kv, (atMs) => runtime.wakeAt(atMs));
    moveDueTable(sql, due);
    const log = new RoomEventLog(sql, () => hex(ids.random(8)));
    const meta = new SqlKeyValues(sql);
    this.#catalog = catalog;
    this.#session = {
      runtime,
      meta,
      log,
      store: new StateStore(sql),
      due,
      connections: new RoomConnections(runtime.sockets()),
      captions: new CaptionProgress(log.lookup),
      rules: new KnownRules(meta),
      openings: new Map(),
      fanOut: { tokens: Infinity, tokensAtMs: 0 },
    };
    // Sockets that broke while the object was away were never reported.
    for (const identity of this.#session.store.state.people.keys()) handleDisconnect(this.#session, identity);
  }

  /** Checks a ticket before its socket is accepted. @throws AppError `realtime.*` */
  admit(ticket: RoomTicket): void {
    admitTicket(this.#session, ticket);
  }

  /** Accepts the socket of an admitted ticket. */
  accept(socket: SocketHandle, ticket: RoomTicket): void {
    acceptConnection(this.#session, socket, ticket);
  }

  receive(socket: SocketHandle, message: string | ArrayBuffer): void {
    const conn = this.#session.connections.findBySocket(socket);
    if (conn) receiveFrame(this.#session, conn, message, this.#catalog);
  }

  /** A socket is gone. @param code the close code, if there was one */
  disconnect(socket: SocketHandle, code?: number): void {
    const { connections } = this.#session;
    const conn = connections.findBySocket(socket);
    endSignalsOf(this.#session, socket);
    if (!conn) return;
    connections.remove(conn);
    if (conn.lobbyEntryId === null) handleDisconnect(this.#session, conn.identity, code === NORMAL_CLOSURE);
  }

  /** Applies commands of verbs, in this order. */
  apply(commands: readonly LiveCommand[]): { seq: number } {
    const { due, runtime, log } = this.#session;
    for (const input of commands) this.#applyCommand(liveCommandSchema.parse(input));
    due.addEarliest(runtime.clock.now() + HOUR_MS, PRUNE_TASK);
    return { seq: log.headSeq };
  }

  roster(): LiveRoster {
    const { store, connections, log } = this.#session;
    const { facts, people: present } = store.state;
    const people = [...present.values()].filter(isInRoom).map((entry): LiveRosterEntry => {
      const { identity, name, role, kind, participantId, handRaisedAt, joinedAt } = entry;
      const connectionCount = connections.presentOf(identity).length;
      const person = { identity, name, role, kind, participantId, handRaisedAt, joinedAt };
      return { ...person, connections: connectionCount };
    });
    return { people, spotlight: facts.spotlight, locked: facts.locked, seq: log.headSeq };
  }

  /**
   * Runs the due tasks.
   * @returns when to call it again; null for not before something happens; `forget` when everything may be deleted
   */
  async wake(): Promise<number | null | 'forget'> {
    const { runtime, due } = this.#session;
    const names = due.take(runtime.clock.now());
    // In the same turn as it is taken off the list: each task is either done or still due.
    for (const name of names) {
      if (name.startsWith(LEAVE_TASK_PREFIX))
        recordDeparture(this.#session, name.slice(LEAVE_TASK_PREFIX.length));
      else if (name === SWEEP_TASK) closeOverdueConnections(this.#session);
      else if (name === SIGNALS_TASK) endExpiredSignals(this.#session);
      else if (name === PRUNE_TASK) this.#prune();
      else if (name !== PERSIST_CHAT_TASK) throw new Error(`unknown due task: ${name}`);
    }
    if (names.includes(PERSIST_CHAT_TASK)) await persistChatByAlarm(this.#session);
    if (this.#isForgettingDone()) return 'forget';
    return due.next() ?? (this.#isIdle && this.#session.store.isForgettable ? 'forget' : null);
  }

  /** Closes all sockets. @returns whether everything may be deleted now; otherwise `wake` says when */
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

  /** No people and no events are left. Facts about the room itself may be. */
  get #isIdle(): boolean {
    const { log, store, connections } = this.#session;
    return log.isEmpty && store.isEmpty && connections.size === 0;
  }

  /** Deletes what is old. An idle room needs no further pruning until something happens in it. */
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
    if (command.type === 'credential.ended') closeConnectionsOn(this.#session, command);
    if (command.type === 'participant.role') this.#sendSelfViews([command.identity]);
    if (command.type === 'room.updated') this.#sendSelfViews(store.state.people.keys());
  }

  /** Sends people whose role or features changed what they may do now. */
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
