import { hex } from '../../platform/core/index.ts';
import {
  Captions,
  type Command,
  DueList,
  EventLog,
  isHere,
  lobbyView,
  Meta,
  StateStore,
  tell,
  thingOf,
  youView,
} from '../live-state/index.ts';
import {
  type LiveCommand,
  liveCommandSchema,
  type LiveRoster,
  type RoomTicket,
  type RosterEntry,
} from '../realtime/index.ts';
import type { Line } from './conn.ts';
import { Connections } from './connections.ts';
import { admit, enter, TIDY } from './entering.ts';
import { hear, type Vocabulary } from './hearing.ts';
import { drainByAlarm } from './keeping.ts';
import { LEAVE, leave, noteGone, SWEEP, sweep } from './presence.ts';
import { DRAIN, type Parts, perform, reply, type RoomWorld } from './room-parts.ts';

const HOUR_MS = 3_600_000;
const TIDY_EVERY_MS = { busy: HOUR_MS, quiet: 24 * HOUR_MS };
/** Set when the room is to be forgotten as soon as its chat is kept. */
const FORGETTING = 'forgetting';
/** A connection that was closed by the client because it was done. */
const CLOSED_ON_PURPOSE = 1000;

/**
 * All that one room's live object does, over its storage and its sockets: what is not stored is not known, so the
 * object may vanish between any two calls.
 */
export class RoomKeeper {
  readonly #parts: Parts;
  readonly #vocabulary: Vocabulary;

  constructor(world: RoomWorld, vocabulary: Vocabulary) {
    const { sql, ids } = world;
    const log = new EventLog(sql, () => hex(ids.random(8)));
    this.#vocabulary = vocabulary;
    this.#parts = {
      world,
      meta: new Meta(sql),
      log,
      store: new StateStore(sql),
      due: new DueList(sql, (atMs) => world.wakeAt(atMs)),
      connections: new Connections(world.lines()),
      captions: new Captions(log.memory),
      openings: new Map(),
      fanOut: { tokens: Infinity, tokensAtMs: 0 },
    };
    // Sockets that broke together with the object say no goodbye.
    for (const identity of this.#parts.store.state.people.keys()) noteGone(this.#parts, identity);
  }

  /** @throws AppError `realtime.*` when the ticket opens nothing here */
  admit(ticket: RoomTicket): void {
    admit(this.#parts, ticket);
  }

  /** The socket that an admitted ticket opened. */
  enter(line: Line, ticket: RoomTicket): void {
    enter(this.#parts, line, ticket);
  }

  hear(line: Line, message: string | ArrayBuffer): void {
    const conn = this.#parts.connections.of(line);
    if (conn) hear(this.#parts, conn, message, this.#vocabulary);
  }

  /** A socket is gone, with the code it was closed by. */
  lost(line: Line, code?: number): void {
    const { connections } = this.#parts;
    const conn = connections.of(line);
    if (!conn) return;
    connections.remove(conn);
    if (conn.lobbyEntryId === null) noteGone(this.#parts, conn.identity, code === CLOSED_ON_PURPOSE);
  }

  /** What verbs have decided, in this order. */
  apply(commands: readonly LiveCommand[]): { seq: number } {
    const { due, world, log } = this.#parts;
    for (const told of commands) this.#applyOne(liveCommandSchema.parse(told));
    due.add(TIDY, world.clock.now() + HOUR_MS);
    return { seq: log.headSeq };
  }

  roster(): LiveRoster {
    const { store, connections, log } = this.#parts;
    const { facts, people: here } = store.state;
    const people = [...here.values()].filter(isHere).map((person): RosterEntry => {
      const { identity, name, role, kind, participantId, handRaisedAt, joinedAt } = person;
      const open = connections.presentOf(identity).length;
      return { identity, name, role, kind, participantId, handRaisedAt, joinedAt, connections: open };
    });
    return { people, spotlight: facts.spotlight, locked: facts.locked, seq: log.headSeq };
  }

  /**
   * Does what is due. @returns when it is to be called again; null when not until something happens; `forget` once
   * nothing of the room is of use any more
   */
  async wake(): Promise<number | null | 'forget'> {
    const { world, due } = this.#parts;
    const names = due.take(world.clock.now());
    // In one turn with taking it off the list: what is due is either done or still due.
    for (const name of names) {
      if (name.startsWith(LEAVE)) leave(this.#parts, name.slice(LEAVE.length));
      else if (name === SWEEP) sweep(this.#parts);
      else if (name === TIDY) this.#tidy();
      else if (name !== DRAIN) throw new Error(`nobody knows what is due: ${name}`);
    }
    if (names.includes(DRAIN)) await drainByAlarm(this.#parts);
    if (this.#isForgotten()) return 'forget';
    return due.next() ?? (this.#isQuiet && this.#parts.store.isForgettable ? 'forget' : null);
  }

  /** Closes everything, and forgets it as soon as nothing is left to be kept. */
  async forget(): Promise<boolean> {
    const { meta, connections } = this.#parts;
    meta.set(FORGETTING, 1);
    for (const conn of connections.all()) connections.close(conn, 'roomEnded');
    await drainByAlarm(this.#parts);
    return this.#isForgotten();
  }

  #isForgotten(): boolean {
    const { meta, log } = this.#parts;
    return meta.number(FORGETTING) === 1 && !log.hasUnkeptChat;
  }

  /** Nobody is here or remembered, and nothing can be replayed. What was told of the room itself may be left. */
  get #isQuiet(): boolean {
    const { log, store, connections } = this.#parts;
    return log.isEmpty && store.isEmpty && connections.size === 0;
  }

  /** A quiet room has nothing to be looked after until something happens in it. */
  #tidy(): void {
    const { world, log, store, due } = this.#parts;
    const nowMs = world.clock.now();
    log.trim(nowMs);
    store.tidy(nowMs);
    if (this.#isQuiet) return;
    due.add(TIDY, nowMs + (log.isEmpty ? TIDY_EVERY_MS.quiet : TIDY_EVERY_MS.busy));
  }

  #applyOne(command: Command): void {
    const { store, log, world } = this.#parts;
    if (!store.isNews(command.key, thingOf(command), command.atMs)) return;
    const nowMs = log.nextAtMs(world.clock.now());
    const person = (identity: string) => store.person(identity);
    const told = (identity: string) => store.told(identity);
    perform(this.#parts, tell(command, { state: store.state, person, told, nowMs }));
    if (command.type === 'participant.role') this.#tellYou([command.identity]);
    if (command.type === 'room.updated') this.#tellYou(store.state.people.keys());
  }

  /** Those whose role or features have changed learn what they may do now. */
  #tellYou(identities: Iterable<string>): void {
    const { store, connections } = this.#parts;
    for (const identity of identities) {
      const person = store.state.people.get(identity);
      if (!person) continue;
      const you = youView(person, store.state);
      for (const conn of connections.presentOf(identity))
        reply(this.#parts, conn, { type: 'you', you, lobby: lobbyView(store.state, person) });
    }
  }
}
