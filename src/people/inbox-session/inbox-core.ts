import type { KeyValueStorage } from '../../kernel/durable/index.ts';
import { PING_SECONDS } from '../../realtime/sockets/index.ts';
import {
  EVENT_LIFE_MS,
  INBOX_FRAME_RATE,
  type InboxCursor,
  type InboxEvent,
  type InboxOwner,
  type InboxServerFrame,
  MAX_INBOX_FRAME_BYTES,
} from '../inbox/index.ts';
import { FollowedPresence, PresenceWatchers, WATCHER_PREFIX } from './followed-presence.ts';
import { type DeviceEvent, InboxEventLog, toEventFrame } from './inbox-event-log.ts';
import { type DueInboxTasks, InboxSchedule } from './inbox-schedule.ts';
import { LiveRings } from './live-rings.ts';

/** An open connection of the person. */
export interface InboxDevice {
  connectionId: string;
  /** Whether it has said hello: before that it receives nothing and does not count. */
  greeted: boolean;
  send(frame: InboxServerFrame): void;
}

/** A person whose last connection broke counts as connected for this long: most of them reconnect at once. */
const OFFLINE_GRACE_MS = 10_000;

const OWNER_KEY = 'owner';
/** Prefixes of the entries that keep an inbox from being empty: events, rings, watchers, due tasks. */
const KEPT_PREFIXES = ['e|', 'r|', WATCHER_PREFIX, 'due|'];

const LIMITS = {
  frameBytes: MAX_INBOX_FRAME_BYTES,
  framesPerSecond: INBOX_FRAME_RATE.perSecond,
  pingSeconds: PING_SECONDS,
};

/**
 * One person's inbox over an object's storage: what their devices are shown and have missed, whose presence they follow
 * and the watchers of theirs. It holds nothing but the storage, so it may be created again between any two calls.
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
   * @param devices returns the connections that are open
   * @param wakeAt called with the time at which `wake` must be called at the latest
   * @param newEpoch returns a text that no other log has
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

  /** Whose inbox it is; undefined before the first event. */
  get owner(): InboxOwner | undefined {
    return this.#storage.get(OWNER_KEY) as InboxOwner | undefined;
  }

  setOwner(owner: InboxOwner): void {
    if (!this.owner) this.#storage.put(OWNER_KEY, owner);
  }

  get isConnected(): boolean {
    return this.#greetedDevices().length > 0;
  }

  /** Shows events to all devices and stores them for those that are away. An event pushed again is shown once. */
  push(events: readonly InboxEvent[], nowMs: number): void {
    for (const event of events) {
      if (!this.#rings.recordEvent(event, nowMs)) continue;
      this.schedule.pruneAt(nowMs + EVENT_LIFE_MS);
      // The time of a ring runs in the inbox of the callee.
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

  /** A connection was opened: its hello and its session are checked later. */
  registerConnection(nowMs: number): void {
    this.schedule.watchConnection(nowMs);
  }

  /** Answers a hello; the events that the device missed follow. Mark it as greeted afterwards. */
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

  /** The person has seen the events up to `seq`: their other devices receive `seen`. */
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

  /** The person's presence may change at that time. */
  publishPresenceAt(atMs: number): void {
    this.schedule.publishPresenceAt(atMs);
  }

  #prune(nowMs: number): void {
    const ringsLeft = this.#rings.prune(nowMs);
    const nextAtMs = this.#log.prune(nowMs);
    if (nextAtMs !== null || ringsLeft > 0) this.schedule.pruneAt(nextAtMs ?? nowMs + EVENT_LIFE_MS);
  }

  /** Takes the due tasks, and prunes at once. The caller runs the others. */
  wake(nowMs: number): DueInboxTasks {
    const due = this.schedule.takeDue(nowMs, this.#devices().length > 0);
    if (due.prune) this.#prune(nowMs);
    return due;
  }

  /** Whether everything may be deleted: no event, ring, watcher, connection or due task is left. */
  get isEmpty(): boolean {
    const has = (prefix: string) => Array.from(this.#storage.list({ prefix, limit: 1 })).length > 0;
    return this.#devices().length === 0 && !KEPT_PREFIXES.some(has);
  }
}
