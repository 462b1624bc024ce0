import type { KeyValueStorage } from '../../kernel/durable/index.ts';
import type { PresenceView } from '../inbox/index.ts';
import type { InboxDevice } from './inbox-core.ts';

const FOLLOWED_PREFIX = 'f|';
const SHOWN_PREFIX = 'p|';
const MAX_ENTRIES = 10_000;

/** The people whose presence the person's devices follow, with the presence last shown. */
export class FollowedPresence {
  readonly #storage: KeyValueStorage;
  readonly #devices: () => InboxDevice[];

  constructor(storage: KeyValueStorage, devices: () => InboxDevice[]) {
    this.#storage = storage;
    this.#devices = devices;
  }

  #followedIdsOf(connectionId: string): string[] {
    return (this.#storage.get(FOLLOWED_PREFIX + connectionId) as string[] | undefined) ?? [];
  }

  /** A connection follows these people from now on, and nobody else. */
  follow(connectionId: string, userIds: readonly string[]): void {
    this.#forgetClosedConnections();
    this.#storage.put(FOLLOWED_PREFIX + connectionId, [...new Set(userIds)]);
    this.#forgetUnfollowed();
  }

  /** The connection follows nobody from now on. */
  unfollow(connectionId: string): void {
    this.#storage.delete(FOLLOWED_PREFIX + connectionId);
    this.#forgetUnfollowed();
  }

  /** Sends a connection the presence of the people it follows. */
  sendList(device: InboxDevice, people: readonly PresenceView[]): void {
    const followed = new Set(this.#followedIdsOf(device.connectionId));
    for (const presence of people)
      if (followed.has(presence.userId)) this.#storage.put(SHOWN_PREFIX + presence.userId, presence);
    device.send({ type: 'presence.list', people: [...people] });
  }

  /**
   * Shows a person's presence to the devices that follow them, if it differs from what was last shown: a hidden person's
   * changes must leave no trace.
   * @returns false when no device follows them
   */
  show(presence: PresenceView): boolean {
    const following = this.#devices().filter(({ connectionId }) =>
      this.#followedIdsOf(connectionId).includes(presence.userId),
    );
    if (following.length === 0) return false;
    const shown = this.#storage.get(SHOWN_PREFIX + presence.userId) as PresenceView | undefined;
    if (shown?.status === presence.status && shown.message === presence.message) return true;
    this.#storage.put(SHOWN_PREFIX + presence.userId, presence);
    for (const device of following) device.send({ type: 'presence.changed', presence });
    return true;
  }

  /** Deletes the lists of connections that are gone. */
  #forgetClosedConnections(): void {
    const open = new Set(this.#devices().map(({ connectionId }) => connectionId));
    for (const [name] of Array.from(this.#storage.list({ prefix: FOLLOWED_PREFIX, limit: MAX_ENTRIES })))
      if (!open.has(name.slice(FOLLOWED_PREFIX.length))) this.#storage.delete(name);
  }

  #forgetUnfollowed(): void {
    const lists = Array.from(
      this.#storage.list({ prefix: FOLLOWED_PREFIX, limit: MAX_ENTRIES }),
      ([, ids]) => ids,
    );
    const followed = new Set((lists as string[][]).flat());
    for (const [name] of Array.from(this.#storage.list({ prefix: SHOWN_PREFIX, limit: MAX_ENTRIES })))
      if (!followed.has(name.slice(SHOWN_PREFIX.length))) this.#storage.delete(name);
  }
}

/** Watchers of one person at most; others see the presence when they ask for it. */
const MAX_WATCHERS = 1_000;
export const WATCHER_PREFIX = 'w|';

/** The people whose devices follow this person's presence. */
export class PresenceWatchers {
  readonly #storage: KeyValueStorage;

  constructor(storage: KeyValueStorage) {
    this.#storage = storage;
  }

  add(watcherId: string): void {
    if (this.all().length < MAX_WATCHERS) this.#storage.put(WATCHER_PREFIX + watcherId, true);
  }

  remove(watcherId: string): void {
    this.#storage.delete(WATCHER_PREFIX + watcherId);
  }

  all(): string[] {
    const entries = this.#storage.list({ prefix: WATCHER_PREFIX, limit: MAX_WATCHERS });
    return Array.from(entries, ([name]) => name.slice(WATCHER_PREFIX.length));
  }
}
