import type { KeyValues } from '../../platform/limits/index.ts';
import { PING_SECONDS } from '../realtime/index.ts';
import { Chores, type Due } from './chores.ts';
import { EVENT_LIFE_MS, EventLog, frameOf, type Shown } from './event-log.ts';
import { FollowedPresence, WATCHER, Watchers } from './followed.ts';
import { LiveRings } from './live-rings.ts';
import { FRAME_RATE, INBOX_FRAME_BYTES, type InboxCursor, type ServerFrame } from './inbox.protocol.ts';
import type { InboxEvent } from './inbox.schemas.ts';

/** An open connection of the person. */
export interface Device {
  connectionId: string;
  /** Whether hello has come: before that it is shown nothing and counts for nothing. */
  greeted: boolean;
  send(frame: ServerFrame): void;
}

export interface Owner {
  organizationId: string;
  userId: string;
}

/** How long somebody whose last connection broke is still shown as there: they mostly come back at once. */
const GRACE_MS = 10_000;

const OWNER = 'owner';
/** What begins the names of entries that are worth keeping: events, rings, watchers, what is due. */
const KEPT = ['e|', 'r|', WATCHER, 'due|'];

const LIMITS = {
  frameBytes: INBOX_FRAME_BYTES,
  framesPerSecond: FRAME_RATE.perSecond,
  pingSeconds: PING_SECONDS,
};

/**
 * One person's inbox over an object's storage: what their devices are shown, what they missed, whose presence they
 * follow and who follows theirs. Storage is the truth; it holds nothing else, so it may be made anew at any moment.
 */
export class InboxKeeper {
  readonly #storage: KeyValues;
  readonly #devices: () => Device[];
  readonly #log: EventLog<Shown>;
  readonly #rings: LiveRings;
  readonly chores: Chores;
  readonly followed: FollowedPresence;
  readonly watchers: Watchers;

  /**
   * @param devices the connections that are open now
   * @param wakeAt hears when `wake` is to be called at the latest
   * @param newEpoch a text that no other log has
   */
  constructor(
    storage: KeyValues,
    devices: () => Device[],
    wakeAt: (atMs: number) => void,
    newEpoch: () => string,
  ) {
    this.#storage = storage;
    this.#devices = devices;
    this.#log = new EventLog(storage, newEpoch);
    this.chores = new Chores(storage, wakeAt);
    this.#rings = new LiveRings(storage);
    this.followed = new FollowedPresence(storage, this.#greeted);
    this.watchers = new Watchers(storage);
  }

  readonly #greeted = (): Device[] => this.#devices().filter(({ greeted }) => greeted);

  /** Whose inbox it is; undefined before anything came. */
  get owner(): Owner | undefined {
    return this.#storage.get(OWNER) as Owner | undefined;
  }

  own(owner: Owner): void {
    if (!this.owner) this.#storage.put(OWNER, owner);
  }

  get isConnected(): boolean {
    return this.#greeted().length > 0;
  }

  /** Shows events to all devices and keeps them for those that are away; what is told twice is shown once. */
  push(events: readonly InboxEvent[], nowMs: number): void {
    for (const event of events) {
      if (!this.#rings.admit(event, nowMs)) continue;
      this.chores.once('prune', nowMs + EVENT_LIFE_MS);
      // The callee's inbox lets a ring run out.
      if (event.type === 'ring.timed') this.chores.runOutAt(event.ringId, Date.parse(event.expiresAt));
      else this.#show(event, nowMs);
      if (event.type === 'ring.started' && event.ring.direction === 'incoming')
        this.chores.runOutAt(event.ring.ringId, Date.parse(event.ring.expiresAt));
    }
  }

  #show(event: Shown, nowMs: number): void {
    const kept = this.#log.append(event.key, event, nowMs);
    if (!kept) return;
    for (const device of this.#greeted()) device.send(frameOf(kept, device.connectionId));
  }

  /** A connection was opened: whether it says hello, and whether its session goes on, is looked at later. */
  opened(nowMs: number): void {
    this.chores.watchConnection(nowMs);
  }

  /** Lets a device in: what it missed follows the answer to its hello. It counts as greeted from then on. */
  greet(device: Device, cursor: InboxCursor | null, nowMs: number): void {
    const others = this.#greeted().some(({ connectionId }) => connectionId !== device.connectionId);
    const greeting = {
      connectionId: device.connectionId,
      cursor: this.#log.cursor,
      rings: this.#rings.live(nowMs),
      seenSeq: this.#log.seen,
      limits: LIMITS,
    };
    if (cursor === null) device.send({ type: 'welcome', ...greeting });
    else {
      const { gap, missed } = this.#log.resume(cursor);
      if (gap) device.send({ type: 'gap', ...gap });
      const to = greeting.cursor.seq;
      device.send({ type: 'resumed', ...greeting, from: missed[0]?.seq ?? to + 1, to });
      for (const kept of missed) device.send(frameOf(kept, device.connectionId));
    }
    if (!others) this.announceAt(nowMs);
  }

  /** The person has seen the events up to `seq`: their other devices are told. */
  see(device: Device, seq: number): void {
    if (!this.#log.see(seq)) return;
    for (const other of this.#greeted())
      if (other.connectionId !== device.connectionId) other.send({ type: 'seen', seq });
  }

  /** A connection is gone. */
  leave(connectionId: string, nowMs: number): void {
    this.followed.stop(connectionId);
    if (!this.isConnected) this.announceAt(nowMs + GRACE_MS);
  }

  /** The person's presence may change then. */
  announceAt(atMs: number): void {
    this.chores.announceAt(atMs);
  }

  #prune(nowMs: number): void {
    const rings = this.#rings.prune(nowMs);
    const nextAtMs = this.#log.prune(nowMs);
    if (nextAtMs !== null || rings > 0) this.chores.once('prune', nextAtMs ?? nowMs + EVENT_LIFE_MS);
  }

  /** Takes what is due by now; of its own what it keeps is pruned. */
  wake(nowMs: number): Due {
    const due = this.chores.take(nowMs, this.#devices().length > 0);
    if (due.prune) this.#prune(nowMs);
    return due;
  }

  /** Whether there is nothing to keep: no event, ring, watcher or connection, and nothing due. */
  get isEmpty(): boolean {
    const has = (prefix: string) => Array.from(this.#storage.list({ prefix, limit: 1 })).length > 0;
    return this.#devices().length === 0 && !KEPT.some(has);
  }
}
