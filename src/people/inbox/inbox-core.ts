import type { KeyValueStorage } from '../../kernel/durable/index.ts';
import { PING_SECONDS } from '../../realtime/protocol/index.ts';
import { InboxSchedule, type DueInboxTasks } from './inbox-schedule.ts';
import { EVENT_LIFE_MS, InboxEventLog, toEventFrame, type DeviceEvent } from './inbox-event-log.ts';
import { FollowedPresence, WATCHER_PREFIX, PresenceWatchers } from './followed-presence.ts';
import { LiveRings } from './live-rings.ts';
import {
  INBOX_FRAME_RATE,
  MAX_INBOX_FRAME_BYTES,
  type InboxCursor,
  type InboxServerFrame,
} from './inbox.protocol.ts';
import type { InboxEvent } from './inbox.schemas.ts';

/** An open connection of the person. */
export interface InboxDevice {
  connectionId: string;
  /** Whether hello has come: before that it is shown nothing and counts for nothing. */
  greeted: boolean;
  send(frame: InboxServerFrame): void;
}

export interface InboxOwner {
  organizationId: string;
  userId: string;
}

/** How long somebody whose last connection broke is still shown as there: they mostly come back at once. */
const OFFLINE_GRACE_MS = 10_000;

const OWNER_KEY = 'owner';
/** What begins the names of entries that are worth keeping: events, rings, watchers, what is due. */
const KEPT_PREFIXES = ['e|', 'r|', WATCHER_PREFIX, 'due|'];

const LIMITS = {
  frameBytes: MAX_INBOX_FRAME_BYTES,
  framesPerSecond: INBOX_FRAME_RATE.perSecond,
  pingSeconds: PING_SECONDS,
};

/**
 * One person's inbox over an object's storage: what their devices are shown, what they missed, whose presence they
 * follow and who follows theirs. Storage is the truth; it holds nothing else, so it may be made anew at any moment.
 */
export class InboxCore {
  readonly #storage: KeyValueStorage;
  readonly #devices: () => InboxDevice[];
  readonly #log: InboxEventLog<DeviceEvent>;
  readonly #rings: LiveRings;
  readonly schedule: InboxSchedule;
  readonly followed: FollowedPresence;
  readonly watchers: PresenceWatchers;

  /**
   * @param devices the connections that are open now
   * @param wakeAt hears when `wake` is to be called at the latest
   * @param newEpoch a text that no other log has
   */
  constructor(
    storage: KeyValueStorage,
    devices: () => InboxDevice[],
    wakeAt: (atMs: number) => void,
    newEpoch: () => string,
  ) {
    this.#storage = storage;
    this.#devices = devices;
    this.#log = new InboxEventLog(storage, newEpoch);
    this.schedule = new InboxSchedule(storage, wakeAt);
    this.#rings = new LiveRings(storage);
    this.followed = new FollowedPresence(storage, this.#greetedDevices);
    this.watchers = new PresenceWatchers(storage);
  }

  readonly #greetedDevices = (): InboxDevice[] => this.#devices().filter(({ greeted }) => greeted);

  /** Whose inbox it is; undefined before anything came. */
  get owner(): InboxOwner | undefined {
    return this.#storage.get(OWNER_KEY) as InboxOwner | undefined;
  }

  setOwner(owner: InboxOwner): void {
    if (!this.owner) this.#storage.put(OWNER_KEY, owner);
  }

  get isConnected(): boolean {
    return this.#greetedDevices().length > 0;
  }

  /** Shows events to all devices and keeps them for those that are away; what is told twice is shown once. */
  push(events: readonly InboxEvent[], nowMs: number): void {
    for (const event of events) {
      if (!this.#rings.recordEvent(event, nowMs)) continue;
      this.schedule.pruneAt(nowMs + EVENT_LIFE_MS);
      // The callee's inbox lets a ring run out.
      if (event.type === 'ring.timed') this.schedule.expireRingAt(event.ringId, Date.parse(event.expiresAt));
      else this.#showEvent(event, nowMs);
      if (event.type === 'ring.started' && event.ring.direction === 'incoming')
        this.schedule.expireRingAt(event.ring.ringId, Date.parse(event.ring.expiresAt));
    }
  }

  #showEvent(event: DeviceEvent, nowMs: number): void {
    const logged = this.#log.append(event.key, event, nowMs);
    if (!logged) return;
    for (const device of this.#greetedDevices()) device.send(toEventFrame(logged, device.connectionId));
  }

  /** A connection was opened: whether it says hello, and whether its session goes on, is looked at later. */
  registerConnection(nowMs: number): void {
    this.schedule.watchConnection(nowMs);
  }

  /** Lets a device in: what it missed follows the answer to its hello. It counts as greeted from then on. */
  greet(device: InboxDevice, cursor: InboxCursor | null, nowMs: number): void {
    const hasOtherDevices = this.#greetedDevices().some(
      ({ connectionId }) => connectionId !== device.connectionId,
    );
    const greeting = {
      connectionId: device.connectionId,
      cursor: this.#log.cursor,
      rings: this.#rings.listLive(nowMs),
      seenSeq: this.#log.seenSeq,
      limits: LIMITS,
    };
    if (cursor === null) device.send({ type: 'welcome', ...greeting });
    else {
      const { gap, missed } = this.#log.resume(cursor);
      if (gap) device.send({ type: 'gap', ...gap });
      const to = greeting.cursor.seq;
      device.send({ type: 'resumed', ...greeting, from: missed[0]?.seq ?? to + 1, to });
      for (const kept of missed) device.send(toEventFrame(kept, device.connectionId));
    }
    if (!hasOtherDevices) this.publishPresenceAt(nowMs);
  }

  /** The person has seen the events up to `seq`: their other devices are told. */
  markSeen(device: InboxDevice, seq: number): void {
    if (!this.#log.markSeen(seq)) return;
    for (const other of this.#greetedDevices())
      if (other.connectionId !== device.connectionId) other.send({ type: 'seen', seq });
  }

  /** A connection is gone. */
  disconnect(connectionId: string, nowMs: number): void {
    this.followed.unfollow(connectionId);
    if (!this.isConnected) this.publishPresenceAt(nowMs + OFFLINE_GRACE_MS);
  }

  /** The person's presence may change then. */
  publishPresenceAt(atMs: number): void {
    this.schedule.publishPresenceAt(atMs);
  }

  #prune(nowMs: number): void {
    const ringsLeft = this.#rings.prune(nowMs);
    const nextAtMs = this.#log.prune(nowMs);
    if (nextAtMs !== null || ringsLeft > 0) this.schedule.pruneAt(nextAtMs ?? nowMs + EVENT_LIFE_MS);
  }

  /** Takes what is due by now; of its own what it keeps is pruned. */
  wake(nowMs: number): DueInboxTasks {
    const due = this.schedule.takeDue(nowMs, this.#devices().length > 0);
    if (due.prune) this.#prune(nowMs);
    return due;
  }

  /** Whether there is nothing to keep: no event, ring, watcher or connection, and nothing due. */
  get isEmpty(): boolean {
    const has = (prefix: string) => Array.from(this.#storage.list({ prefix, limit: 1 })).length > 0;
    return this.#devices().length === 0 && !KEPT_PREFIXES.some(has);
  }
}
