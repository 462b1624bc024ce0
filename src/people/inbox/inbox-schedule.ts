import { DueList, type KeyValueStorage } from '../../kernel/durable/index.ts';
import { HELLO_TIMEOUT_MS } from './connection.rules.ts';

/** What is to be done by now. */
export interface DueInboxTasks {
  /** Rings whose time has run out. Each is due again at `againAtMs`, unless it is told to be done. */
  expiredRingIds: string[];
  /** Whether the person's presence may have changed; due again at `againAtMs`, unless it is told to be done. */
  publishPresence: boolean;
  /** Whether the connections' sessions are to be looked at. */
  recheckSessions: boolean;
  /** Whether connections may be without a hello. */
  closeUngreeted: boolean;
  /** Whether something kept may be too old. */
  prune: boolean;
  retryAtMs: number;
}

/** How often open connections are held against the sessions behind them: the life of an access token. */
const RECHECK_INTERVAL_MS = 300_000;
/**
 * Whenever an inbox wakes it looks whether its devices have pinged; half way between two rechecks it wakes for nothing
 * else. Each look costs a hibernated inbox its sleep, so it is no oftener: who asks whether the person is there has it
 * look anyway.
 */
const PING_CHECK_MS = 150_000;
/** When what was begun and not done, because it failed or the object went, is tried again. */
const RETRY_MS = 15_000;
const MAX_DUE_TASKS = 100;

const RING_PREFIX = 'ring|';
const PUBLISH_TASK = 'announce';
/** Begins the names of what is put back: to cancel it takes nothing along that came meanwhile. */
const RETRY_PREFIX = 'again|';

const withoutRetryPrefix = (key: string) =>
  key.startsWith(RETRY_PREFIX) ? key.slice(RETRY_PREFIX.length) : key;

/**
 * Inboxes stored before the due list knew `addEarliest` marked its one entry by `t|<name>`, the time as its value. The
 * last of these marks is a day old at most when its task is taken: a day after the deployment of this it may go.
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

/** What an inbox has to do later, in its storage. */
export class InboxSchedule {
  readonly #due: DueList;

  /** @param wakeAt hears when `take` is to be called at the latest */
  constructor(storage: KeyValueStorage, wakeAt: (atMs: number) => void) {
    this.#due = new DueList(storage, wakeAt);
    moveLegacyEntries(storage, this.#due);
  }

  /** At that moment the ring has run out. */
  expireRingAt(ringId: string, atMs: number): void {
    this.#due.add(atMs, RING_PREFIX + ringId);
  }

  /** The person's presence may change then. */
  publishPresenceAt(atMs: number): void {
    this.#due.add(atMs, PUBLISH_TASK);
  }

  /** A connection was opened: whether it says hello, and whether its session goes on, is looked at later. */
  watchConnection(nowMs: number): void {
    this.#due.add(nowMs + HELLO_TIMEOUT_MS, 'greet');
    this.#scheduleRecheck(nowMs);
  }

  #scheduleRecheck(nowMs: number): void {
    if (this.#due.addEarliest(nowMs + RECHECK_INTERVAL_MS, 'recheck'))
      this.#due.add(nowMs + PING_CHECK_MS, 'look');
  }

  /** Old events and rings are pruned then, or earlier. */
  pruneAt(atMs: number): void {
    this.#due.addEarliest(atMs, 'prune');
  }

  /**
   * Takes what is due by now. The object may go while others are waited for: what needs them is put back in the same
   * turn, and cancelled once it is done.
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

  /** A ring of `runOut` was run out. */
  markRingExpired({ retryAtMs }: DueInboxTasks, ringId: string): void {
    this.#due.cancel(retryAtMs, RETRY_PREFIX + RING_PREFIX + ringId);
  }

  /** Those who follow the person were told. */
  markPresencePublished({ retryAtMs }: DueInboxTasks): void {
    this.#due.cancel(retryAtMs, RETRY_PREFIX + PUBLISH_TASK);
  }

  /** When to wake next; null when nothing waits. */
  get nextAtMs(): number | null {
    return this.#due.next();
  }
}
