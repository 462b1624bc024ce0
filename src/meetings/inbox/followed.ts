import type { KeyValues } from '../../platform/limits/index.ts';
import type { PresenceView } from './inbox.schemas.ts';
import type { Device } from './keeper.ts';

const FOLLOWED_BY = 'f|';
const SHOWN = 'p|';
const MOST = 10_000;

/** Whose presence the person's devices follow, and what each was last shown as. */
export class FollowedPresence {
  readonly #storage: KeyValues;
  readonly #devices: () => Device[];

  constructor(storage: KeyValues, devices: () => Device[]) {
    this.#storage = storage;
    this.#devices = devices;
  }

  #idsOf(connectionId: string): string[] {
    return (this.#storage.get(FOLLOWED_BY + connectionId) as string[] | undefined) ?? [];
  }

  /** A connection follows these people from now on. */
  follow(connectionId: string, userIds: readonly string[]): void {
    this.#forgetClosed();
    this.#storage.put(FOLLOWED_BY + connectionId, [...new Set(userIds)]);
    this.#forgetUnfollowed();
  }

  /** The connection follows nobody any more. */
  stop(connectionId: string): void {
    this.#storage.delete(FOLLOWED_BY + connectionId);
    this.#forgetUnfollowed();
  }

  /** Answers a connection that has begun to follow people. */
  list(device: Device, people: readonly PresenceView[]): void {
    const followed = new Set(this.#idsOf(device.connectionId));
    for (const presence of people)
      if (followed.has(presence.userId)) this.#storage.put(SHOWN + presence.userId, presence);
    device.send({ type: 'presence.list', people: [...people] });
  }

  /**
   * Shows how somebody stands to the devices that follow them, when it is news: who is hidden must not be seen to move.
   * @returns false when no device follows them
   */
  show(presence: PresenceView): boolean {
    const following = this.#devices().filter(({ connectionId }) =>
      this.#idsOf(connectionId).includes(presence.userId),
    );
    if (following.length === 0) return false;
    const shown = this.#storage.get(SHOWN + presence.userId) as PresenceView | undefined;
    if (shown?.status === presence.status && shown.message === presence.message) return true;
    this.#storage.put(SHOWN + presence.userId, presence);
    for (const device of following) device.send({ type: 'presence.changed', presence });
    return true;
  }

  /** Connections that broke without a word. */
  #forgetClosed(): void {
    const open = new Set(this.#devices().map(({ connectionId }) => connectionId));
    for (const [name] of Array.from(this.#storage.list({ prefix: FOLLOWED_BY, limit: MOST })))
      if (!open.has(name.slice(FOLLOWED_BY.length))) this.#storage.delete(name);
  }

  #forgetUnfollowed(): void {
    const lists = Array.from(this.#storage.list({ prefix: FOLLOWED_BY, limit: MOST }), ([, ids]) => ids);
    const followed = new Set((lists as string[][]).flat());
    for (const [name] of Array.from(this.#storage.list({ prefix: SHOWN, limit: MOST })))
      if (!followed.has(name.slice(SHOWN.length))) this.#storage.delete(name);
  }
}

/** How many follow a person's presence at most; more see it when they ask. */
const MAX_WATCHERS = 1_000;
export const WATCHER = 'w|';

/** Who follows the person's presence; whoever is told in vain is forgotten. */
export class Watchers {
  readonly #storage: KeyValues;

  constructor(storage: KeyValues) {
    this.#storage = storage;
  }

  add(watcherId: string): void {
    if (this.all().length < MAX_WATCHERS) this.#storage.put(WATCHER + watcherId, true);
  }

  remove(watcherId: string): void {
    this.#storage.delete(WATCHER + watcherId);
  }

  all(): string[] {
    const entries = this.#storage.list({ prefix: WATCHER, limit: MAX_WATCHERS });
    return Array.from(entries, ([name]) => name.slice(WATCHER.length));
  }
}
