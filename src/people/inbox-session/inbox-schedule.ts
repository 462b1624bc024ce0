import { DueList, type KeyValueStorage } from '../../kernel/durable/index.ts';
import { HELLO_TIMEOUT_MS } from './connection.rules.ts';

/** The tasks that were due. */
export interface DueInboxTasks {
  /** Rings whose time is over. Each is due again at `retryAtMs` unless it is marked as done. */
  expiredRingIds: string[];
  /** The person's presence may have changed. Due again at `retryAtMs` unless it is marked as done. */
  publishPresence: boolean;
  /** The sessions behind the connections must be checked. */
  recheckSessions: boolean;
  /** A connection may have sent no hello in time. */
  closeUngreeted: boolean;
  /** Something stored may be too old. */
  prune: boolean;
  retryAtMs: number;
}

/** How often the sessions behind open connections are checked: the life of an access token. */
const RECHECK_INTERVAL_MS = 300_000;
/**
 * An inbox looks for silent devices whenever it wakes; half way between two session checks it wakes for that alone. Each
 * look ends a hibernation, so there are no more of them: a question whether the person is connected looks as well.
 */
const PING_CHECK_MS = 150_000;
/** When a task that failed, or was interrupted by an eviction, is tried again. */
const RETRY_MS = 15_000;
const MAX_DUE_TASKS = 100;

// The names of tasks are stored.
const RING_PREFIX = 'ring|';
const PUBLISH_TASK = 'announce';
/** Begins the name of a retry, so that cancelling it leaves alone what was added in the meantime. */
const RETRY_PREFIX = 'again|';

const withoutRetryPrefix = (key: string) =>
  key.startsWith(RETRY_PREFIX) ? key.slice(RETRY_PREFIX.length) : key;

/**
 * Inboxes stored before the due list had `addEarliest` marked such an entry by `t|<name>`, with its time as the value.
 * Every such entry is due within a day, so this can be removed a day after its deployment.
 */
function moveLegacyEntries(storage: KeyValueStorage, due: DueList): void {
  for (const name of ['prune', 'recheck']) {
    const atMs = storage.get(`t|${name}`) as number | undefined;
    if (atMs === undefined) continue;
    storage.delete(`t|${name}`);
    due.cancel(atMs, name);
    due.addEarliest(atMs, name);
  }
}

/** What an inbox has to do later. */
export class InboxSchedule {
  readonly #due: DueList;

  /** @param wakeAt called with the time at which `takeDue` must be called at the latest */
  constructor(storage: KeyValueStorage, wakeAt: (atMs: number) => void) {
    this.#due = new DueList(storage, wakeAt);
    moveLegacyEntries(storage, this.#due);
  }

  /** The ring is over at that time if nobody has answered. */
  expireRingAt(ringId: string, atMs: number): void {
    this.#due.add(atMs, RING_PREFIX + ringId);
  }

  /** The person's presence may change at that time. */
  publishPresenceAt(atMs: number): void {
    this.#due.add(atMs, PUBLISH_TASK);
  }

  /** A connection was opened: its hello and its session are checked later. */
  watchConnection(nowMs: number): void {
    this.#due.add(nowMs + HELLO_TIMEOUT_MS, 'greet');
    this.#scheduleRecheck(nowMs);
  }

  #scheduleRecheck(nowMs: number): void {
    if (this.#due.addEarliest(nowMs + RECHECK_INTERVAL_MS, 'recheck'))
      this.#due.add(nowMs + PING_CHECK_MS, 'look');
  }

  /** Deletes old events and rings at that time, or at an earlier one that was asked for. */
  pruneAt(atMs: number): void {
    this.#due.addEarliest(atMs, 'prune');
  }

  /**
   * Takes the due tasks. The object may be evicted while a task waits for another part of the product: such tasks are put
   * back in the same turn, and cancelled once they are done.
   * @param connected whether any connection is open
   */
  takeDue(nowMs: number, connected: boolean): DueInboxTasks {
    const taken = this.#due.take(nowMs, MAX_DUE_TASKS);
    const keys = new Set(taken.map(withoutRetryPrefix));
    const recheckSessions = keys.has('recheck') && connected;
    if (recheckSessions) this.#scheduleRecheck(nowMs);
    const retryAtMs = nowMs + RETRY_MS;
    const rings = [...keys].filter((key) => key.startsWith(RING_PREFIX));
    const publishPresence = keys.has(PUBLISH_TASK);
    for (const key of [...rings, ...(publishPresence ? [PUBLISH_TASK] : [])])
      this.#due.add(retryAtMs, RETRY_PREFIX + key);
    const expiredRingIds = rings.map((key) => key.slice(RING_PREFIX.length));
    return {
      expiredRingIds,
      publishPresence,
      recheckSessions,
      closeUngreeted: keys.has('greet'),
      prune: keys.has('prune'),
      retryAtMs,
    };
  }

  /** One of `expiredRingIds` was ended. */
  markRingExpired({ retryAtMs }: DueInboxTasks, ringId: string): void {
    this.#due.cancel(retryAtMs, RETRY_PREFIX + RING_PREFIX + ringId);
  }

  /** The person's watchers were notified. */
  markPresencePublished({ retryAtMs }: DueInboxTasks): void {
    this.#due.cancel(retryAtMs, RETRY_PREFIX + PUBLISH_TASK);
  }

  /** When the next task is due; null for none. */
  get nextAtMs(): number | null {
    return this.#due.next();
  }
}
